package io.pgcharter.policy.lint.rule;

import io.pgcharter.model.operation.LintFinding.Severity;
import io.pgcharter.policy.lint.Card;
import io.pgcharter.policy.lint.Hit;
import io.pgcharter.policy.lint.Rule;
import io.pgcharter.policy.lint.Situation;
import java.util.List;

/// A strong lock on a table that others use, without lock_timeout.
final class MissingLockTimeout implements Rule {
    private static final Card CARD = new Card(
            "missing-lock-timeout",
            Severity.WARNING,
            "a strong lock on a table that others use, without lock_timeout",
            "It waits behind the longest statement that is running, and everybody waits behind it.",
            "SET lock_timeout = '2s' first, and try again if it is not to be had; `migrate up` does "
                    + "both by itself.",
            """
            ALTER TABLE parts ADD COLUMN weight integer;
            """,
            """
            SET lock_timeout = '2s';
            ALTER TABLE parts ADD COLUMN weight integer;
            """);

    @Override
    public Card card() {
        return CARD;
    }

    @Override
    public List<Hit> judge(Situation at) {
        return at.when(
                !at.limits().onLocks()
                        && at.effect().touches().entrySet().stream()
                                .anyMatch(entry -> entry.getValue().lock().stopsWriters() && at.isOld(entry.getKey())),
                "nothing limits how long it waits, and others behind it");
    }
}
