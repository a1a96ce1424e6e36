package io.pgcharter.policy.lint.rule;

import io.pgcharter.model.operation.LintFinding.Severity;
import io.pgcharter.policy.lint.Card;
import io.pgcharter.policy.lint.Hit;
import io.pgcharter.policy.lint.Rule;
import io.pgcharter.policy.lint.Situation;
import java.util.List;

/// RENAME of a table, or SET SCHEMA.
final class RenameTable implements Rule {
    private static final Card CARD = new Card(
            "rename-table",
            Severity.WARNING,
            "RENAME of a table, or SET SCHEMA",
            "The application that runs fails until the new one is everywhere, or the reverse.",
            "Leave a view with the old name in its place, in the same transaction.",
            """
            ALTER TABLE parts RENAME TO items;
            """,
            """
            ALTER INDEX parts_name RENAME TO parts_by_name;
            """);

    @Override
    public Card card() {
        return CARD;
    }

    @Override
    public List<Hit> judge(Situation at) {
        boolean renamed = at.is("RenameStmt") && at.node().text("renameType").equals("OBJECT_TABLE");
        boolean moved =
                at.is("AlterObjectSchemaStmt") && at.node().text("objectType").equals("OBJECT_TABLE");
        return at.when((renamed || moved) && at.isOld(at.relation()), "what names " + at.relation() + " fails");
    }
}
