package io.pgcharter.policy.lint.rule;

import io.pgcharter.model.operation.LintFinding.Severity;
import io.pgcharter.policy.lint.Card;
import io.pgcharter.policy.lint.Hit;
import io.pgcharter.policy.lint.Rule;
import io.pgcharter.policy.lint.Situation;
import java.util.List;

/// ALTER COLUMN TYPE, free by itself, of a column that a CHECK speaks of.
final class TypeChangeCheckRescan implements Rule {
    private static final Card CARD = new Card(
            "type-change-check-rescan",
            Severity.WARNING,
            "ALTER COLUMN TYPE, free by itself, of a column that a CHECK speaks of",
            "The CHECK is made anew, and all rows are read for it while nobody can use the table.",
            "Drop the CHECK, change the type, add it NOT VALID, VALIDATE it later.",
            """
            CREATE TABLE parts (id bigint PRIMARY KEY, name varchar(20) CHECK (name <> ''));
            -- next file
            ALTER TABLE parts ALTER COLUMN name TYPE text;
            """,
            """
            CREATE TABLE parts (id bigint PRIMARY KEY, name varchar(20));
            -- next file
            ALTER TABLE parts ALTER COLUMN name TYPE text;
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
        return at.alters("AT_AlterColumnType").stream()
                .filter(command -> at.effect().on(command.table()).scans()
                        && !at.effect().on(command.table()).rewrites())
                .map(command -> at.hit(
                        "all rows of " + command.table() + " are checked again for a CHECK of " + command.name()))
                .toList();
    }
}
