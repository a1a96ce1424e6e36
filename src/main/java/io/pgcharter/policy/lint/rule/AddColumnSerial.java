package io.pgcharter.policy.lint.rule;

import io.pgcharter.model.operation.LintFinding.Severity;
import io.pgcharter.policy.lint.Card;
import io.pgcharter.policy.lint.ColumnType;
import io.pgcharter.policy.lint.Hit;
import io.pgcharter.policy.lint.Rule;
import io.pgcharter.policy.lint.Situation;
import java.util.List;

/// ADD COLUMN as serial, bigserial or identity.
final class AddColumnSerial implements Rule {
    private static final Card CARD = new Card(
            "add-column-serial",
            Severity.ERROR,
            "ADD COLUMN as serial, bigserial or identity",
            "The table and all its indexes are written anew while nobody can use it.",
            "Add a plain bigint column, fill it in batches, make it NOT NULL the safe way, then ADD "
                    + "GENERATED … AS IDENTITY.",
            """
            ALTER TABLE parts ADD COLUMN number bigserial;
            """,
            """
            ALTER TABLE parts ADD COLUMN number bigint;
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
        return at.alters("AT_AddColumn").stream()
                .filter(command ->
                        ColumnType.of(command.definition().child("typeName")).isSerial()
                                || Columns.has(command.definition(), "CONSTR_IDENTITY"))
                .map(command -> at.hit(command.definition(), command.table() + " is written anew to number its rows"))
                .toList();
    }
}
