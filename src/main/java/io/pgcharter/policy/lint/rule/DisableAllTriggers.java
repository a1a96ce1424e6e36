package io.pgcharter.policy.lint.rule;

import io.pgcharter.model.operation.LintFinding.Severity;
import io.pgcharter.policy.lint.Card;
import io.pgcharter.policy.lint.Hit;
import io.pgcharter.policy.lint.Rule;
import io.pgcharter.policy.lint.Situation;
import java.util.List;

/// DISABLE TRIGGER ALL, and session_replication_role = replica.
final class DisableAllTriggers implements Rule {
    private static final Card CARD = new Card(
            "disable-all-triggers",
            Severity.ERROR,
            "DISABLE TRIGGER ALL, and session_replication_role = replica",
            "Foreign keys are not checked: rows without a parent come in, and nobody is told.",
            "Disable the one trigger that is in the way, by name.",
            """
            ALTER TABLE parts DISABLE TRIGGER ALL;
            """,
            """
            ALTER TABLE parts DISABLE TRIGGER parts_audit;
            """);

    @Override
    public Card card() {
        return CARD;
    }

    @Override
    public List<Hit> judge(Situation at) {
        return at.when(
                !at.changes("AT_DisableTrigAll").isEmpty()
                        || (at.is("VariableSetStmt") && at.node().text("name").equals("session_replication_role")),
                "foreign keys are not checked meanwhile");
    }
}
