package io.pgcharter.policy.lint.rule;

import io.pgcharter.model.operation.LintFinding.Severity;
import io.pgcharter.policy.lint.Card;
import io.pgcharter.policy.lint.Hit;
import io.pgcharter.policy.lint.Rule;
import io.pgcharter.policy.lint.Situation;
import java.util.List;

/// PRIMARY KEY USING INDEX over a column that is not known to be NOT NULL.
final class PrimaryKeyUsingIndexNullable implements Rule {
    private static final Card CARD = new Card(
            "primary-key-using-index-nullable",
            Severity.WARNING,
            "PRIMARY KEY USING INDEX over a column that is not known to be NOT NULL",
            "There is a SET NOT NULL in it: all rows are read while nobody can use the table.",
            "Make the columns NOT NULL the safe way first.",
            """
            CREATE UNIQUE INDEX CONCURRENTLY parts_pkey ON parts (id);
            -- next file
            ALTER TABLE parts ADD CONSTRAINT parts_pkey PRIMARY KEY USING INDEX parts_pkey;
            """,
            """
            ALTER TABLE parts ADD CONSTRAINT parts_id_there CHECK (id IS NOT NULL) NOT VALID;
            -- next file
            ALTER TABLE parts VALIDATE CONSTRAINT parts_id_there;
            -- next file
            CREATE UNIQUE INDEX CONCURRENTLY parts_pkey ON parts (id);
            -- next file
            ALTER TABLE parts ADD CONSTRAINT parts_pkey PRIMARY KEY USING INDEX parts_pkey;
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
        return at.adds("CONSTR_PRIMARY").stream()
                .filter(command -> command.definition().has("indexname"))
                .filter(command -> at.effect().on(command.table()).scans())
                .map(command -> at.hit(
                        "all rows of " + command.table() + " are read for NULLs, unless its columns are NOT NULL"))
                .toList();
    }
}
