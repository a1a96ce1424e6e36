package io.pgcharter.policy.lint.rule;

import io.pgcharter.model.operation.LintFinding.Severity;
import io.pgcharter.policy.lint.Card;
import io.pgcharter.policy.lint.Hit;
import io.pgcharter.policy.lint.Rule;
import io.pgcharter.policy.lint.Situation;
import io.pgcharter.policy.lint.Volatility;
import java.util.List;

/// ADD COLUMN with a default that is computed for each row.
final class AddColumnVolatileDefault implements Rule {
    private static final Card CARD = new Card(
            "add-column-volatile-default",
            Severity.ERROR,
            "ADD COLUMN with a default that is computed for each row",
            "The table and all its indexes are written anew while nobody can use it. now() and "
                    + "constants cost nothing.",
            "Add the column without a default, then SET DEFAULT, then fill old rows in batches.",
            """
            ALTER TABLE parts ADD COLUMN label uuid DEFAULT gen_random_uuid();
            """,
            """
            ALTER TABLE parts ADD COLUMN label uuid;
            ALTER TABLE parts ALTER COLUMN label SET DEFAULT gen_random_uuid();
            ALTER TABLE parts ADD COLUMN seen timestamptz DEFAULT now();
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
        return Columns.added(at, "CONSTR_DEFAULT")
                .filter(added -> Volatility.isVolatile(added.constraint().child("raw_expr"), at.known()))
                .map(added -> at.hit(
                        added.column(),
                        at.relation() + " is written anew: the default of " + added.name() + " differs for each row"))
                .toList();
    }
}
