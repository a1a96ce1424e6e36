package io.pgcharter.policy.lint.rule;

import io.pgcharter.model.operation.LintFinding.Severity;
import io.pgcharter.policy.lint.Card;
import io.pgcharter.policy.lint.Hit;
import io.pgcharter.policy.lint.ObjectName;
import io.pgcharter.policy.lint.Rule;
import io.pgcharter.policy.lint.Situation;
import java.util.List;

/// DROP INDEX without CONCURRENTLY.
final class DropIndexNotConcurrent implements Rule {
    private static final Card CARD = new Card(
            "drop-index-not-concurrent",
            Severity.WARNING,
            "DROP INDEX without CONCURRENTLY",
            "It waits for every statement on the table, and all that come later wait behind it.",
            "DROP INDEX CONCURRENTLY, in a file of its own.",
            """
            DROP INDEX parts_name;
            """,
            """
            DROP INDEX CONCURRENTLY parts_name;
            """);

    @Override
    public Card card() {
        return CARD;
    }

    @Override
    public List<Hit> judge(Situation at) {
        return at
                .when(
                        at.is("DropStmt")
                                && at.node().text("removeType").equals("OBJECT_INDEX")
                                && !at.node().flag("concurrent")
                                && at.node().list("objects").stream()
                                        .map(object -> at.known().index(ObjectName.of(object.texts("items"))))
                                        .anyMatch(index -> index.isEmpty()
                                                || at.isOld(index.get().table())),
                        "dropping an index needs the table for itself for a moment")
                .stream()
                .map(hit -> hit.withSql(at.text().replaceFirst("(?i)\\bINDEX\\b", "INDEX CONCURRENTLY") + ";"))
                .toList();
    }
}
