package io.pgcharter.policy.lint.rule;

import io.pgcharter.model.operation.LintFinding.Severity;
import io.pgcharter.policy.lint.Card;
import io.pgcharter.policy.lint.ColumnType;
import io.pgcharter.policy.lint.Hit;
import io.pgcharter.policy.lint.Rule;
import io.pgcharter.policy.lint.Situation;
import io.pgcharter.policy.lint.Situation.Command;
import java.util.List;
import java.util.Optional;

/// ALTER COLUMN TYPE to a type whose values are stored otherwise.
final class TypeChangeRewrite implements Rule {
    private static final Card CARD = new Card(
            "type-change-rewrite",
            Severity.ERROR,
            "ALTER COLUMN TYPE to a type whose values are stored otherwise",
            "The table and all its indexes are written anew while nobody can use it. Free are: "
                    + "varchar to text or longer, numeric of the same scale and more digits, more fractions of "
                    + "a second, cidr to inet.",
            "Add a column of the new type, keep it equal by a trigger, fill it in batches, swap the " + "names.",
            """
            CREATE TABLE parts (id bigint PRIMARY KEY, amount integer);
            -- next file
            ALTER TABLE parts ALTER COLUMN amount TYPE bigint;
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
                .flatMap(command -> hit(at, command).stream())
                .toList();
    }

    private static Optional<Hit> hit(Situation at, Command command) {
        return switch (at.change(command)) {
            case FREE, FREE_IN_UTC -> Optional.empty();
            case REWRITES ->
                Optional.of(at.hit(command.table() + " is written anew: " + command.name() + " becomes "
                        + ColumnType.of(command.definition().child("typeName"))));
            case UNKNOWN ->
                Optional.of(at.hit("unless the type that " + command.name() + " has now is stored alike, "
                                + command.table() + " is written anew")
                        .as(Severity.WARNING));
        };
    }
}
