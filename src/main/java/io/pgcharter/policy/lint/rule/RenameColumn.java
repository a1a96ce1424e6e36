package io.pgcharter.policy.lint.rule;

import io.pgcharter.model.operation.LintFinding.Severity;
import io.pgcharter.policy.lint.Card;
import io.pgcharter.policy.lint.Hit;
import io.pgcharter.policy.lint.Rule;
import io.pgcharter.policy.lint.Situation;
import java.util.List;

/// RENAME COLUMN.
final class RenameColumn implements Rule {
    private static final Card CARD = new Card(
            "rename-column",
            Severity.WARNING,
            "RENAME COLUMN",
            "The application that runs fails until the new one is everywhere, or the reverse.",
            "Add a column, keep both equal by a trigger, change the application, drop the old one.",
            """
            ALTER TABLE parts RENAME COLUMN weight TO mass;
            """,
            """
            ALTER TABLE parts ADD COLUMN mass integer;
            """);

    @Override
    public Card card() {
        return CARD;
    }

    @Override
    public List<Hit> judge(Situation at) {
        return at.when(
                at.is("RenameStmt")
                        && at.node().text("renameType").equals("OBJECT_COLUMN")
                        && at.node().text("relationType").equals("OBJECT_TABLE")
                        && at.isOld(at.relation()),
                "what names " + at.relation() + "." + at.node().text("subname") + " fails");
    }
}
