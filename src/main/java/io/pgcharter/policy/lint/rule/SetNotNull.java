package io.pgcharter.policy.lint.rule;

import io.pgcharter.model.operation.LintFinding.Severity;
import io.pgcharter.policy.lint.Card;
import io.pgcharter.policy.lint.Hit;
import io.pgcharter.policy.lint.Rule;
import io.pgcharter.policy.lint.Situation;
import java.util.List;

/// SET NOT NULL on a column of which no valid CHECK says so.
final class SetNotNull implements Rule {
    private static final Card CARD = new Card(
            "set-not-null",
            Severity.ERROR,
            "SET NOT NULL on a column of which no valid CHECK says so",
            "Nobody can read or write the table while all its rows are read.",
            "CHECK (column IS NOT NULL) NOT VALID; VALIDATE it in a later transaction; then SET NOT "
                    + "NULL reads no row, and the CHECK can go. From PostgreSQL 18 on: ADD NOT NULL … NOT "
                    + "VALID, then VALIDATE.",
            """
            ALTER TABLE parts ALTER COLUMN name SET NOT NULL;
            """,
            """
            ALTER TABLE parts ADD CONSTRAINT parts_name_there CHECK (name IS NOT NULL) NOT VALID;
            -- next file
            ALTER TABLE parts VALIDATE CONSTRAINT parts_name_there;
            -- next file
            ALTER TABLE parts ALTER COLUMN name SET NOT NULL;
            ALTER TABLE parts DROP CONSTRAINT parts_name_there;
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
        return at.alters("AT_SetNotNull").stream()
                .filter(command -> !at.known()
                        .table(command.table())
                        .filter(table -> table.isProvenNotNull(command.name()))
                        .isPresent())
                .map(command -> at.hit(command.table() + " is locked while all its rows are read for a NULL in "
                                + command.name())
                        .withSql(
                                at.node().list("cmds").size() == 1
                                        ? Safe.notNull(at, command.table(), command.name())
                                        : ""))
                .toList();
    }
}
