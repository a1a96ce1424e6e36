package io.pgcharter.policy.lint.rule;

import io.pgcharter.model.operation.LintFinding.Severity;
import io.pgcharter.policy.lint.Card;
import io.pgcharter.policy.lint.ColumnType;
import io.pgcharter.policy.lint.Hit;
import io.pgcharter.policy.lint.Rule;
import io.pgcharter.policy.lint.Situation;
import java.util.List;

/// ALTER COLUMN TYPE to one that holds less.
final class TypeNarrowing implements Rule {
    private static final Card CARD = new Card(
            "type-narrowing",
            Severity.WARNING,
            "ALTER COLUMN TYPE to one that holds less",
            "Values that do not fit stop the migration, or lose digits without a word.",
            "Count the values that do not fit first; a CHECK that is NOT VALID keeps new ones out.",
            """
            CREATE TABLE parts (id bigint PRIMARY KEY, weight bigint);
            -- next file
            ALTER TABLE parts ALTER COLUMN weight TYPE integer;
            """,
            """
            CREATE TABLE parts (id bigint PRIMARY KEY, weight numeric(10,2));
            -- next file
            ALTER TABLE parts ALTER COLUMN weight TYPE numeric(12,2);
            """);

    @Override
    public Card card() {
        return CARD;
    }

    @Override
    public List<Hit> judge(Situation at) {
        return at.alters("AT_AlterColumnType").stream()
                .filter(command -> narrows(
                        at.typeBefore(command),
                        ColumnType.of(command.definition().child("typeName"))))
                .map(command -> at.hit("not every " + at.typeBefore(command) + " of " + command.name() + " is a "
                        + ColumnType.of(command.definition().child("typeName"))))
                .toList();
    }

    private static final List<String> WIDTHS = List.of("int2", "int4", "int8", "numeric");

    private static boolean narrows(ColumnType from, ColumnType to) {
        if (!from.isKnown()) {
            return false;
        }
        if (WIDTHS.contains(from.name())
                && WIDTHS.contains(to.name())
                && !from.name().equals(to.name())) {
            return WIDTHS.indexOf(to.name()) < WIDTHS.indexOf(from.name());
        }
        boolean sized = to.is("varchar", "bpchar", "numeric", "varbit");
        boolean alike = from.name().equals(to.name()) || from.is("text", "varchar", "bpchar");
        return sized
                && alike
                && !to.modifiers().isEmpty()
                && (from.modifiers().isEmpty() || smaller(to.modifiers(), from.modifiers()));
    }

    private static boolean smaller(List<Long> after, List<Long> before) {
        return after.getFirst() < before.getFirst()
                || (after.size() > 1 && before.size() > 1 && after.get(1) < before.get(1));
    }
}
