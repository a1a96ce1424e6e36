package io.pgcharter.policy.lint.rule;

import io.pgcharter.model.operation.LintFinding.Severity;
import io.pgcharter.policy.lint.Card;
import io.pgcharter.policy.lint.Hit;
import io.pgcharter.policy.lint.Rule;
import io.pgcharter.policy.lint.Situation;
import java.util.List;

/// ADD COLUMN GENERATED … STORED.
final class AddColumnGeneratedStored implements Rule {
    private static final Card CARD = new Card(
            "add-column-generated-stored",
            Severity.ERROR,
            "ADD COLUMN GENERATED … STORED",
            "The table and all its indexes are written anew while nobody can use it.",
            "Fill a plain column by a trigger and in batches; from PostgreSQL 18 on, GENERATED … "
                    + "VIRTUAL costs nothing.",
            """
            ALTER TABLE parts ADD COLUMN area integer GENERATED ALWAYS AS (width * height) STORED;
            """,
            """
            ALTER TABLE parts ADD COLUMN area integer;
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
        return Columns.added(at, "CONSTR_GENERATED")
                .filter(added -> !added.constraint().text("generated_kind").equals("v"))
                .map(added -> at.hit(added.column(), at.relation() + " is written anew to compute " + added.name()))
                .toList();
    }
}
