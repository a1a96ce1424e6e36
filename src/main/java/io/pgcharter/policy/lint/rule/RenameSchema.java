package io.pgcharter.policy.lint.rule;

import io.pgcharter.model.operation.LintFinding.Severity;
import io.pgcharter.policy.lint.Card;
import io.pgcharter.policy.lint.Hit;
import io.pgcharter.policy.lint.Rule;
import io.pgcharter.policy.lint.Situation;
import java.util.List;

/// RENAME of a schema, or of a value of an enum.
final class RenameSchema implements Rule {
    private static final Card CARD = new Card(
            "rename-schema",
            Severity.WARNING,
            "RENAME of a schema, or of a value of an enum",
            "The application that runs fails until the new one is everywhere, or the reverse.",
            "Add the new one beside the old.",
            """
            ALTER SCHEMA old RENAME TO new;
            """,
            """
            ALTER TYPE part_state ADD VALUE 'retired';
            """);

    @Override
    public Card card() {
        return CARD;
    }

    @Override
    public List<Hit> judge(Situation at) {
        return at.when(
                (at.is("RenameStmt") && at.node().text("renameType").equals("OBJECT_SCHEMA"))
                        || (at.is("AlterEnumStmt") && at.node().has("oldVal")),
                "what names it fails");
    }
}
