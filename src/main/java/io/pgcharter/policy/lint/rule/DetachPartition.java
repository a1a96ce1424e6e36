package io.pgcharter.policy.lint.rule;

import io.pgcharter.model.operation.LintFinding.Severity;
import io.pgcharter.policy.lint.Card;
import io.pgcharter.policy.lint.Hit;
import io.pgcharter.policy.lint.Rule;
import io.pgcharter.policy.lint.Situation;
import java.util.List;

/// DETACH PARTITION without CONCURRENTLY.
final class DetachPartition implements Rule {
    private static final Card CARD = new Card(
            "detach-partition",
            Severity.WARNING,
            "DETACH PARTITION without CONCURRENTLY",
            "It needs the whole partitioned table for itself, and everybody waits behind it.",
            "DETACH PARTITION … CONCURRENTLY, in a file of its own.",
            """
            ALTER TABLE events DETACH PARTITION events_may;
            """,
            """
            ALTER TABLE events DETACH PARTITION events_may CONCURRENTLY;
            """);

    @Override
    public Card card() {
        return CARD;
    }

    @Override
    public List<Hit> judge(Situation at) {
        return at.alters("AT_DetachPartition").stream()
                .filter(command -> !command.definition().flag("concurrent"))
                .map(command ->
                        at.hit("all of " + command.table() + " is locked").withSql(at.text() + " CONCURRENTLY;"))
                .toList();
    }
}
