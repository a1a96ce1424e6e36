package io.pgcharter.policy.lint.rule;

import io.pgcharter.model.operation.LintFinding.Severity;
import io.pgcharter.policy.lint.Card;
import io.pgcharter.policy.lint.Hit;
import io.pgcharter.policy.lint.Rule;
import io.pgcharter.policy.lint.Situation;
import java.util.List;
import java.util.stream.Stream;

/// ADD COLUMN with UNIQUE, PRIMARY KEY or CHECK in one.
final class AddColumnInlineConstraint implements Rule {
    private static final Card CARD = new Card(
            "add-column-inline-constraint",
            Severity.ERROR,
            "ADD COLUMN with UNIQUE, PRIMARY KEY or CHECK in one",
            "Nobody can read or write the table while all its rows are read, though the column is " + "empty.",
            "Add the column, then the constraint the safe way.",
            """
            ALTER TABLE parts ADD COLUMN weight integer CHECK (weight > 0);
            """,
            """
            ALTER TABLE parts ADD COLUMN weight integer;
            ALTER TABLE parts ADD CONSTRAINT parts_weight CHECK (weight > 0) NOT VALID;
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
        return Stream.of("CONSTR_CHECK", "CONSTR_UNIQUE", "CONSTR_PRIMARY")
                .flatMap(kind -> Columns.added(at, kind))
                .map(added ->
                        at.hit(added.column(), at.relation() + " is read whole for the constraint of " + added.name()))
                .toList();
    }
}
