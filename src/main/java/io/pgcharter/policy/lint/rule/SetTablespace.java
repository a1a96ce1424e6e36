package io.pgcharter.policy.lint.rule;

import io.pgcharter.model.operation.LintFinding.Severity;
import io.pgcharter.policy.lint.Card;
import io.pgcharter.policy.lint.Hit;
import io.pgcharter.policy.lint.Rule;
import io.pgcharter.policy.lint.Situation;
import java.util.List;

/// SET TABLESPACE and SET ACCESS METHOD.
final class SetTablespace implements Rule {
    private static final Card CARD = new Card(
            "set-tablespace",
            Severity.ERROR,
            "SET TABLESPACE and SET ACCESS METHOD",
            "The table is copied while nobody can use it.",
            "pg_repack with a tablespace, or a new table that is filled in batches.",
            """
            ALTER TABLE parts SET TABLESPACE fast;
            """,
            """
            CREATE TABLE parts (id bigint PRIMARY KEY) TABLESPACE fast;
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
        return at.alters("AT_SetTableSpace", "AT_SetAccessMethod").stream()
                .map(command -> at.hit(command.table() + " is copied while nobody can use it"))
                .toList();
    }
}
