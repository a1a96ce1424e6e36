package io.pgcharter.policy.lint.rule;

import io.pgcharter.model.operation.LintFinding.Severity;
import io.pgcharter.policy.lint.Card;
import io.pgcharter.policy.lint.Hit;
import io.pgcharter.policy.lint.Rule;
import io.pgcharter.policy.lint.Situation;
import java.util.List;

/// SET LOGGED and SET UNLOGGED.
final class SetLogged implements Rule {
    private static final Card CARD = new Card(
            "set-logged",
            Severity.ERROR,
            "SET LOGGED and SET UNLOGGED",
            "The table is written anew while nobody can use it; one that is UNLOGGED is empty after a"
                    + " crash and missing on replicas.",
            "Make a new table, fill it in batches, swap the names.",
            """
            ALTER TABLE parts SET UNLOGGED;
            """,
            """
            ALTER TABLE parts SET (fillfactor = 90);
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
        return at.alters("AT_SetLogged", "AT_SetUnLogged").stream()
                .map(command -> at.hit(command.table() + " is written anew while nobody can use it"))
                .toList();
    }
}
