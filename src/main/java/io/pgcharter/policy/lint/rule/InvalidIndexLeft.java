package io.pgcharter.policy.lint.rule;

import io.pgcharter.model.operation.LintFinding.Severity;
import io.pgcharter.policy.lint.Card;
import io.pgcharter.policy.lint.Hit;
import io.pgcharter.policy.lint.Rule;
import io.pgcharter.policy.lint.Situation;
import java.util.List;

/// CREATE INDEX CONCURRENTLY IF NOT EXISTS.
final class InvalidIndexLeft implements Rule {
    private static final Card CARD = new Card(
            "invalid-index-left",
            Severity.WARNING,
            "CREATE INDEX CONCURRENTLY IF NOT EXISTS",
            "If an earlier try failed, its index is there and INVALID: this passes it over, and the "
                    + "index is never used.",
            "DROP INDEX CONCURRENTLY IF EXISTS first, then CREATE INDEX CONCURRENTLY without IF NOT " + "EXISTS.",
            """
            CREATE INDEX CONCURRENTLY IF NOT EXISTS parts_name ON parts (name);
            """,
            """
            DROP INDEX CONCURRENTLY IF EXISTS parts_name;
            -- next file
            CREATE INDEX CONCURRENTLY parts_name ON parts (name);
            """);

    @Override
    public Card card() {
        return CARD;
    }

    @Override
    public List<Hit> judge(Situation at) {
        return at.when(
                at.is("IndexStmt") && at.node().flag("concurrent") && at.node().flag("if_not_exists"),
                "an invalid index of a try that failed would be taken for this one");
    }
}
