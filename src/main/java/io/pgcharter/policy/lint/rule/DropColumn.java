package io.pgcharter.policy.lint.rule;

import io.pgcharter.model.operation.LintFinding.Severity;
import io.pgcharter.policy.lint.Card;
import io.pgcharter.policy.lint.Hit;
import io.pgcharter.policy.lint.Rule;
import io.pgcharter.policy.lint.Situation;
import java.util.List;

/// DROP COLUMN.
final class DropColumn implements Rule {
    private static final Card CARD = new Card(
            "drop-column",
            Severity.WARNING,
            "DROP COLUMN",
            "The values are gone, and an application that still names the column fails.",
            "Release an application that does not use it; then drop it.",
            """
            ALTER TABLE parts DROP COLUMN weight;
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
        return at.alters("AT_DropColumn").stream()
                .map(command -> at.hit("the values of " + command.table() + "." + command.name() + " are lost"))
                .toList();
    }
}
