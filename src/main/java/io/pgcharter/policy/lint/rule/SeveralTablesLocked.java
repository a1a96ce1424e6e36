package io.pgcharter.policy.lint.rule;

import io.pgcharter.model.operation.LintFinding.Severity;
import io.pgcharter.model.sql.LockMode;
import io.pgcharter.policy.lint.Card;
import io.pgcharter.policy.lint.Hit;
import io.pgcharter.policy.lint.Rule;
import io.pgcharter.policy.lint.Situation;
import java.util.List;

/// Strong locks on several tables in one transaction.
final class SeveralTablesLocked implements Rule {
    private static final Card CARD = new Card(
            "several-tables-locked",
            Severity.WARNING,
            "strong locks on several tables in one transaction",
            "Each is held until the end; with an application that takes them in another order it ends"
                    + " in a deadlock.",
            "One file for each table.",
            """
            ALTER TABLE parts ADD COLUMN weight integer;
            ALTER TABLE makers ADD COLUMN country text;
            """,
            """
            ALTER TABLE parts ADD COLUMN weight integer;
            -- next file
            ALTER TABLE makers ADD COLUMN country text;
            """);

    @Override
    public Card card() {
        return CARD;
    }

    @Override
    public List<Hit> judge(Situation at) {
        if (!at.transaction().isReal() || at.transaction().locks().isEmpty()) {
            return List.of();
        }
        return at.effect().touches().entrySet().stream()
                .filter(entry -> entry.getValue().lock().stopsReaders() && at.isOld(entry.getKey()))
                .filter(entry -> at.transaction().locks().values().stream().anyMatch(LockMode::stopsReaders)
                        && !at.transaction().locks().containsKey(entry.getKey()))
                .map(entry -> at.hit(entry.getKey() + " is locked while "
                        + at.transaction().locks().keySet().iterator().next() + " still is"))
                .toList();
    }
}
