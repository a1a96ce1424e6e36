package io.pgcharter.policy.lint.rule;

import io.pgcharter.model.operation.LintFinding.Severity;
import io.pgcharter.policy.lint.Card;
import io.pgcharter.policy.lint.Hit;
import io.pgcharter.policy.lint.Rule;
import io.pgcharter.policy.lint.Situation;
import java.util.List;

/// ADD PRIMARY KEY without USING INDEX.
final class PrimaryKeyScan implements Rule {
    private static final Card CARD = new Card(
            "primary-key-scan",
            Severity.ERROR,
            "ADD PRIMARY KEY without USING INDEX",
            "Nobody can read or write the table while its rows are read for NULLs and its index is " + "built.",
            "Make the columns NOT NULL the safe way, CREATE UNIQUE INDEX CONCURRENTLY, then ADD "
                    + "CONSTRAINT … PRIMARY KEY USING INDEX.",
            """
            ALTER TABLE parts ADD CONSTRAINT parts_pkey PRIMARY KEY (id);
            """,
            """
            ALTER TABLE parts ADD CONSTRAINT parts_id_there CHECK (id IS NOT NULL) NOT VALID;
            -- next file
            ALTER TABLE parts VALIDATE CONSTRAINT parts_id_there;
            -- next file
            ALTER TABLE parts ALTER COLUMN id SET NOT NULL;
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
                .filter(command -> !command.definition().has("indexname"))
                .map(command -> at.hit(command.definition(), command.table() + " is locked while an index is built")
                        .withSql(Safe.byIndex(at, command, "PRIMARY KEY", "_pkey")))
                .toList();
    }
}
