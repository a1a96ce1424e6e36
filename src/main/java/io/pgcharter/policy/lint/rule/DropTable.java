package io.pgcharter.policy.lint.rule;

import io.pgcharter.model.operation.LintFinding.Severity;
import io.pgcharter.policy.lint.Card;
import io.pgcharter.policy.lint.Hit;
import io.pgcharter.policy.lint.ObjectName;
import io.pgcharter.policy.lint.Rule;
import io.pgcharter.policy.lint.Situation;
import java.util.List;

/// DROP TABLE.
final class DropTable implements Rule {
    private static final Card CARD = new Card(
            "drop-table",
            Severity.WARNING,
            "DROP TABLE",
            "The rows are gone, and an application that still names the table fails.",
            "Rename it, wait until nobody misses it, then drop it; have a proven backup.",
            """
            DROP TABLE parts;
            """,
            """
            ALTER TABLE parts ADD COLUMN retired boolean;
            """);

    @Override
    public Card card() {
        return CARD;
    }

    @Override
    public List<Hit> judge(Situation at) {
        return at.when(
                at.is("DropStmt")
                        && at.node().text("removeType").equals("OBJECT_TABLE")
                        && at.node().list("objects").stream()
                                .map(object -> ObjectName.of(object.texts("items")))
                                .anyMatch(at::isOld),
                "the rows are lost");
    }
}
