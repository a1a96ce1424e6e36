package io.pgcharter.policy.lint.rule;

import io.pgcharter.model.operation.LintFinding.Severity;
import io.pgcharter.policy.lint.Card;
import io.pgcharter.policy.lint.Hit;
import io.pgcharter.policy.lint.Rule;
import io.pgcharter.policy.lint.Situation;
import java.util.List;

/// UPDATE or DELETE of all rows.
final class UnbatchedRows implements Rule {
    private static final Card CARD = new Card(
            "unbatched-rows",
            Severity.WARNING,
            "UPDATE or DELETE of all rows",
            "Every row is locked until the end, and as much again is written to WAL, replicas and " + "bloat.",
            "Batches of some thousand rows by key, each in a transaction of its own.",
            """
            UPDATE parts SET weight = 0;
            """,
            """
            UPDATE parts SET weight = 0 WHERE id BETWEEN 1 AND 5000;
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
                (at.is("UpdateStmt") || at.is("DeleteStmt"))
                        && !at.node().child("whereClause").isPresent()
                        && at.isOld(at.relation()),
                "all rows of " + at.relation() + " are changed in one transaction");
    }
}
