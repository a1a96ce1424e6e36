package io.pgcharter.policy.lint.rule;

import io.pgcharter.model.operation.LintFinding.Severity;
import io.pgcharter.policy.lint.Card;
import io.pgcharter.policy.lint.Hit;
import io.pgcharter.policy.lint.Rule;
import io.pgcharter.policy.lint.Situation;
import io.pgcharter.policy.lint.Table.Kind;
import java.util.List;

/// DROP CONSTRAINT of a foreign key, a key or a unique constraint.
final class DropConstraint implements Rule {
    private static final Card CARD = new Card(
            "drop-constraint",
            Severity.NOTICE,
            "DROP CONSTRAINT of a foreign key, a key or a unique constraint",
            "What it kept out comes in from then on, and nobody is told.",
            "Be sure that another one, or the application, keeps it out.",
            """
            CREATE TABLE parts (id bigint PRIMARY KEY, name text CONSTRAINT parts_once UNIQUE);
            -- next file
            ALTER TABLE parts DROP CONSTRAINT parts_once;
            """,
            """
            ALTER TABLE parts ADD CONSTRAINT parts_there CHECK (name IS NOT NULL) NOT VALID;
            -- next file
            ALTER TABLE parts DROP CONSTRAINT parts_there;
            """);

    @Override
    public Card card() {
        return CARD;
    }

    @Override
    public List<Hit> judge(Situation at) {
        return at.alters("AT_DropConstraint").stream()
                .filter(command -> at.known()
                        .table(command.table())
                        .flatMap(table -> table.constraint(command.name()))
                        .filter(constraint -> constraint.kind() != Kind.CHECK)
                        .isPresent())
                .map(command -> at.hit(command.name() + " keeps nothing out any more"))
                .toList();
    }
}
