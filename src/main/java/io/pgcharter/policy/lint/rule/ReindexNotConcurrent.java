package io.pgcharter.policy.lint.rule;

import io.pgcharter.model.operation.LintFinding.Severity;
import io.pgcharter.policy.lint.Card;
import io.pgcharter.policy.lint.Hit;
import io.pgcharter.policy.lint.Rule;
import io.pgcharter.policy.lint.Situation;
import java.util.List;

/// REINDEX without CONCURRENTLY.
final class ReindexNotConcurrent implements Rule {
    private static final Card CARD = new Card(
            "reindex-not-concurrent",
            Severity.ERROR,
            "REINDEX without CONCURRENTLY",
            "Nobody can write to the table, and whoever would use the index cannot read, until it is " + "built.",
            "REINDEX … CONCURRENTLY, in a file of its own.",
            """
            REINDEX INDEX parts_name;
            """,
            """
            REINDEX INDEX CONCURRENTLY parts_name;
            """);

    @Override
    public Card card() {
        return CARD;
    }

    @Override
    public boolean costsByRows() {
        return true;
    }

    @Override
    public List<Hit> judge(Situation at) {
        return at.when(
                at.is("ReindexStmt")
                        && at.node().list("params").stream()
                                .noneMatch(option -> option.text("defname").equals("concurrently")),
                "the index is built anew while the table is locked");
    }
}
