package io.pgcharter.policy.lint.rule;

import io.pgcharter.model.operation.LintFinding.Severity;
import io.pgcharter.policy.lint.Card;
import io.pgcharter.policy.lint.Hit;
import io.pgcharter.policy.lint.Rule;
import io.pgcharter.policy.lint.Situation;
import java.util.List;

/// VACUUM FULL and CLUSTER.
final class VacuumFull implements Rule {
    private static final Card CARD = new Card(
            "vacuum-full",
            Severity.ERROR,
            "VACUUM FULL and CLUSTER",
            "The table and all its indexes are written anew while nobody can use it.",
            "pg_repack, or the maintenance of pgcharter; a plain VACUUM stops nobody.",
            """
            VACUUM FULL parts;
            """,
            """
            VACUUM parts;
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
                at.is("ClusterStmt")
                        || (at.is("VacuumStmt")
                                && at.node().list("options").stream()
                                        .anyMatch(
                                                option -> option.text("defname").equals("full"))),
                "the table is written anew while nobody can use it");
    }
}
