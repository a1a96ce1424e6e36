package io.pgcharter.policy.lint.rule;

import io.pgcharter.model.operation.LintFinding.Severity;
import io.pgcharter.policy.lint.Alone;
import io.pgcharter.policy.lint.Card;
import io.pgcharter.policy.lint.Hit;
import io.pgcharter.policy.lint.Rule;
import io.pgcharter.policy.lint.Situation;
import java.util.List;

/// A statement that cannot run in a transaction, between BEGIN and COMMIT.
final class ConcurrentlyInTransaction implements Rule {
    private static final Card CARD = new Card(
            "concurrently-in-transaction",
            Severity.ERROR,
            "a statement that cannot run in a transaction, between BEGIN and COMMIT",
            "PostgreSQL refuses it, and the migration fails.",
            "Put it into a file of its own, without BEGIN.",
            """
            BEGIN;
            CREATE INDEX CONCURRENTLY parts_name ON parts (name);
            COMMIT;
            """,
            """
            CREATE INDEX CONCURRENTLY parts_name ON parts (name);
            """);

    @Override
    public Card card() {
        return CARD;
    }

    @Override
    public List<Hit> judge(Situation at) {
        return at.when(
                at.transaction().isReal() && Alone.mustBe(at.node()),
                "PostgreSQL refuses this statement in a transaction");
    }
}
