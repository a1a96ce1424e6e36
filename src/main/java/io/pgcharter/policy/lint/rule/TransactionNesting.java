package io.pgcharter.policy.lint.rule;

import io.pgcharter.model.operation.LintFinding.Severity;
import io.pgcharter.policy.lint.Card;
import io.pgcharter.policy.lint.Hit;
import io.pgcharter.policy.lint.Rule;
import io.pgcharter.policy.lint.Situation;
import java.util.List;
import java.util.Set;

/// BEGIN or COMMIT in a migration that its runner puts into a transaction.
final class TransactionNesting implements Rule {
    private static final Card CARD = new Card(
            "transaction-nesting",
            Severity.WARNING,
            "BEGIN or COMMIT in a migration that its runner puts into a transaction",
            "The first COMMIT ends the runner's transaction: what fails later is not rolled back, and"
                    + " the history may say otherwise.",
            "Leave transactions to the runner: one file, one transaction.",
            """
            BEGIN;
            ALTER TABLE parts ADD COLUMN weight integer;
            COMMIT;
            """,
            """
            ALTER TABLE parts ADD COLUMN weight integer;
            """);

    @Override
    public Card card() {
        return CARD;
    }

    @Override
    public List<Hit> judge(Situation at) {
        return at.when(
                at.is("TransactionStmt") && NESTING.contains(at.node().text("kind")),
                "whoever runs the file begins and ends its transaction");
    }

    private static final Set<String> NESTING =
            Set.of("TRANS_STMT_BEGIN", "TRANS_STMT_START", "TRANS_STMT_COMMIT", "TRANS_STMT_ROLLBACK");
}
