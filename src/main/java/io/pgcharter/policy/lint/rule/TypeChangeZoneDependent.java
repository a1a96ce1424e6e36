package io.pgcharter.policy.lint.rule;

import io.pgcharter.model.operation.LintFinding.Severity;
import io.pgcharter.policy.lint.Card;
import io.pgcharter.policy.lint.Hit;
import io.pgcharter.policy.lint.Rule;
import io.pgcharter.policy.lint.Situation;
import io.pgcharter.policy.lint.TypeChange;
import java.util.List;

/// Timestamp to timestamptz, or back, in a session whose time zone is not known to be UTC.
final class TypeChangeZoneDependent implements Rule {
    private static final Card CARD = new Card(
            "type-change-zone-dependent",
            Severity.ERROR,
            "timestamp to timestamptz, or back, in a session whose time zone is not known to be UTC",
            "The table is written anew while nobody can use it, and its instants depend on who "
                    + "migrates. In UTC it costs nothing.",
            "SET timezone = 'UTC' in the same file, before it.",
            """
            CREATE TABLE parts (id bigint PRIMARY KEY, seen timestamp);
            -- next file
            ALTER TABLE parts ALTER COLUMN seen TYPE timestamptz;
            """,
            """
            CREATE TABLE parts (id bigint PRIMARY KEY, seen timestamptz(3));
            -- next file
            ALTER TABLE parts ALTER COLUMN seen TYPE timestamptz;
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
                .filter(command -> at.change(command) == TypeChange.FREE_IN_UTC
                        && !at.setting().utc())
                .map(command -> at.hit(command.table() + " is written anew unless the session's time zone is UTC")
                        .withSql("SET timezone = 'UTC';\n" + at.text() + ";"))
                .toList();
    }
}
