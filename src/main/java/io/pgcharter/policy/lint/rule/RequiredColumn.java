package io.pgcharter.policy.lint.rule;

import io.pgcharter.model.operation.LintFinding.Severity;
import io.pgcharter.policy.lint.Card;
import io.pgcharter.policy.lint.ColumnType;
import io.pgcharter.policy.lint.Hit;
import io.pgcharter.policy.lint.Rule;
import io.pgcharter.policy.lint.Situation;
import java.util.List;

/// ADD COLUMN NOT NULL without a default.
final class RequiredColumn implements Rule {
    private static final Card CARD = new Card(
            "required-column",
            Severity.ERROR,
            "ADD COLUMN NOT NULL without a default",
            "It fails if the table holds a single row; and INSERTs of the application that runs fail "
                    + "from then on.",
            "With a constant default it costs nothing; or add it without NOT NULL, fill it, SET NOT "
                    + "NULL the safe way.",
            """
            ALTER TABLE parts ADD COLUMN weight integer NOT NULL;
            """,
            """
            ALTER TABLE parts ADD COLUMN weight integer NOT NULL DEFAULT 0;
            """);

    @Override
    public Card card() {
        return CARD;
    }

    @Override
    public List<Hit> judge(Situation at) {
        return at.alters("AT_AddColumn").stream()
                .filter(command -> Columns.has(command.definition(), "CONSTR_NOTNULL")
                        && !Columns.has(command.definition(), "CONSTR_DEFAULT")
                        && !Columns.has(command.definition(), "CONSTR_IDENTITY")
                        && !Columns.has(command.definition(), "CONSTR_GENERATED")
                        && !ColumnType.of(command.definition().child("typeName"))
                                .isSerial())
                .map(command -> at.hit(command.definition(), "it fails if " + command.table() + " holds a row"))
                .toList();
    }
}
