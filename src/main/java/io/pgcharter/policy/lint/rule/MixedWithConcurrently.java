package io.pgcharter.policy.lint.rule;

import io.pgcharter.model.operation.LintFinding.Severity;
import io.pgcharter.policy.lint.Alone;
import io.pgcharter.policy.lint.Card;
import io.pgcharter.policy.lint.Hit;
import io.pgcharter.policy.lint.Rule;
import io.pgcharter.policy.lint.Situation;
import java.util.List;

/// A statement that cannot run in a transaction, in one file with others.
final class MixedWithConcurrently implements Rule {
    private static final Card CARD = new Card(
            "mixed-with-concurrently",
            Severity.WARNING,
            "a statement that cannot run in a transaction, in one file with others",
            "The file is no longer one transaction: what fails in the middle leaves the first half "
                    + "behind, and Prisma itself refuses such a file.",
            "One file for each such statement.",
            """
            ALTER TABLE parts ADD COLUMN weight integer;
            CREATE INDEX CONCURRENTLY parts_weight ON parts (weight);
            """,
            """
            ALTER TABLE parts ADD COLUMN weight integer;
            -- next file
            CREATE INDEX CONCURRENTLY parts_weight ON parts (weight);
            """);

    @Override
    public Card card() {
        return CARD;
    }

    @Override
    public List<Hit> judge(Situation at) {
        long working = at.script().statements().stream()
                .filter(statement -> !statement.node().is("VariableSetStmt")
                        && !statement.node().is("TransactionStmt"))
                .count();
        return at.when(
                Alone.mustBe(at.node()) && working > 1,
                "because of this statement the file's " + working + " statements do not end together");
    }
}
