package io.pgcharter.policy.lint.rule;

import io.pgcharter.model.operation.LintFinding.Severity;
import io.pgcharter.policy.lint.Card;
import io.pgcharter.policy.lint.Hit;
import io.pgcharter.policy.lint.Rule;
import io.pgcharter.policy.lint.Situation;
import java.util.List;

/// A primary key of type smallint, integer, serial.
final class SmallKey implements Rule {
    private static final Card CARD = new Card(
            "small-key",
            Severity.WARNING,
            "a primary key of type smallint, integer, serial",
            "It ends at 2,147,483,647; to widen it then writes the table anew.",
            "bigint GENERATED ALWAYS AS IDENTITY.",
            """
            CREATE TABLE parts (id integer PRIMARY KEY);
            """,
            """
            CREATE TABLE parts (id bigint PRIMARY KEY);
            """);

    @Override
    public Card card() {
        return CARD;
    }

    @Override
    public List<Hit> judge(Situation at) {
        return Columns.ofType(at, "int4", "int2", "serial", "smallserial")
                .filter(column -> Columns.has(column, "CONSTR_PRIMARY") || Columns.isOnlyKey(at, column))
                .map(column -> at.hit(column, "the key ends at 2,147,483,647"))
                .toList();
    }
}
