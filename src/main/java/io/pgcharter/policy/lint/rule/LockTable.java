package io.pgcharter.policy.lint.rule;

import io.pgcharter.model.operation.LintFinding.Severity;
import io.pgcharter.policy.lint.Card;
import io.pgcharter.policy.lint.Hit;
import io.pgcharter.policy.lint.Rule;
import io.pgcharter.policy.lint.Situation;
import java.util.List;

/// LOCK TABLE in a mode that stops others.
final class LockTable implements Rule {
    private static final Card CARD = new Card(
            "lock-table",
            Severity.WARNING,
            "LOCK TABLE in a mode that stops others",
            "Whoever uses the table waits until the transaction ends.",
            "Let each statement take the lock that it needs; set lock_timeout.",
            """
            LOCK TABLE parts;
            """,
            """
            LOCK TABLE parts IN ACCESS SHARE MODE;
            """);

    @Override
    public Card card() {
        return CARD;
    }

    @Override
    public List<Hit> judge(Situation at) {
        return at.when(
                at.is("LockStmt")
                        && at.effect().touches().values().stream()
                                .anyMatch(touch -> touch.lock().stopsWriters()),
                "whoever uses the table waits until the transaction ends");
    }
}
