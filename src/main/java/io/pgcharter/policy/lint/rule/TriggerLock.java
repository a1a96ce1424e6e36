package io.pgcharter.policy.lint.rule;

import io.pgcharter.model.operation.LintFinding.Severity;
import io.pgcharter.policy.lint.Card;
import io.pgcharter.policy.lint.Hit;
import io.pgcharter.policy.lint.Rule;
import io.pgcharter.policy.lint.Situation;
import java.util.List;

/// CREATE TRIGGER, DROP TRIGGER and ENABLE or DISABLE TRIGGER.
final class TriggerLock implements Rule {
    private static final Card CARD = new Card(
            "trigger-lock",
            Severity.NOTICE,
            "CREATE TRIGGER, DROP TRIGGER and ENABLE or DISABLE TRIGGER",
            "Nobody can write to the table, or even read it, until the transaction ends.",
            "Set lock_timeout and try again; keep the transaction short.",
            """
            CREATE TRIGGER parts_audit AFTER INSERT ON parts FOR EACH ROW EXECUTE FUNCTION audit();
            """,
            """
            CREATE TABLE parts (id bigint PRIMARY KEY);
            CREATE TRIGGER parts_audit AFTER INSERT ON parts FOR EACH ROW EXECUTE FUNCTION audit();
            """);

    @Override
    public Card card() {
        return CARD;
    }

    @Override
    public List<Hit> judge(Situation at) {
        boolean is = (at.is("CreateTrigStmt") && at.isOld(at.relation()))
                || (at.is("DropStmt") && at.node().text("removeType").equals("OBJECT_TRIGGER"))
                || !at.alters("AT_EnableTrig", "AT_DisableTrig").isEmpty();
        return at.when(is, "a trigger is changed while nobody may write");
    }
}
