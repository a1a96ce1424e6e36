package io.pgcharter.policy.lint.rule;

import io.pgcharter.model.operation.LintFinding.Severity;
import io.pgcharter.policy.lint.Card;
import io.pgcharter.policy.lint.Hit;
import io.pgcharter.policy.lint.Rule;
import io.pgcharter.policy.lint.Situation;
import java.util.List;

/// ADD UNIQUE without USING INDEX.
final class UniqueConstraintScan implements Rule {
    private static final Card CARD = new Card(
            "unique-constraint-scan",
            Severity.ERROR,
            "ADD UNIQUE without USING INDEX",
            "Nobody can read or write the table while its index is built.",
            "CREATE UNIQUE INDEX CONCURRENTLY in a file of its own, then ADD CONSTRAINT … UNIQUE " + "USING INDEX.",
            """
            ALTER TABLE parts ADD CONSTRAINT parts_name_key UNIQUE (name);
            """,
            """
            CREATE UNIQUE INDEX CONCURRENTLY parts_name_key ON parts (name);
            -- next file
            ALTER TABLE parts ADD CONSTRAINT parts_name_key UNIQUE USING INDEX parts_name_key;
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
        return at.adds("CONSTR_UNIQUE").stream()
                .filter(command -> !command.definition().has("indexname"))
                .map(command -> at.hit(command.definition(), command.table() + " is locked while an index is built")
                        .withSql(Safe.byIndex(at, command, "UNIQUE", "_key")))
                .toList();
    }
}
