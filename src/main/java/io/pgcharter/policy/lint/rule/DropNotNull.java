package io.pgcharter.policy.lint.rule;

import io.pgcharter.model.operation.LintFinding.Severity;
import io.pgcharter.policy.lint.Card;
import io.pgcharter.policy.lint.Hit;
import io.pgcharter.policy.lint.Rule;
import io.pgcharter.policy.lint.Situation;
import java.util.List;

/// DROP NOT NULL.
final class DropNotNull implements Rule {
    private static final Card CARD = new Card(
            "drop-not-null",
            Severity.NOTICE,
            "DROP NOT NULL",
            "An application that does not expect NULL meets one.",
            "Release an application that can read NULL first.",
            """
            ALTER TABLE parts ALTER COLUMN name DROP NOT NULL;
            """,
            """
            ALTER TABLE parts ALTER COLUMN name SET DEFAULT 'unnamed';
            """);

    @Override
    public Card card() {
        return CARD;
    }

    @Override
    public List<Hit> judge(Situation at) {
        return at.alters("AT_DropNotNull").stream()
                .map(command -> at.hit(command.table() + "." + command.name() + " may be NULL from now on"))
                .toList();
    }
}
