package io.pgcharter.policy.lint.rule;

import io.pgcharter.model.operation.LintFinding.Severity;
import io.pgcharter.policy.lint.Card;
import io.pgcharter.policy.lint.Hit;
import io.pgcharter.policy.lint.ObjectName;
import io.pgcharter.policy.lint.Rule;
import io.pgcharter.policy.lint.Situation;
import java.util.List;

/// ATTACH PARTITION of a table without a valid CHECK.
final class AttachPartitionScan implements Rule {
    private static final Card CARD = new Card(
            "attach-partition-scan",
            Severity.WARNING,
            "ATTACH PARTITION of a table without a valid CHECK",
            "All its rows are read for the partition's bounds while nobody can use it; those of a "
                    + "default partition too.",
            "Give the table a CHECK of the same bounds first: NOT VALID, then VALIDATE. ATTACH reads "
                    + "no row then, and the CHECK can go.",
            """
            ALTER TABLE events ATTACH PARTITION events_may FOR VALUES FROM ('2026-05-01') TO ('2026-06-01');
            """,
            """
            ALTER TABLE events_may ADD CONSTRAINT may CHECK (at >= '2026-05-01' AND at < '2026-06-01' AND at IS NOT NULL) NOT VALID;
            -- next file
            ALTER TABLE events_may VALIDATE CONSTRAINT may;
            -- next file
            ALTER TABLE events ATTACH PARTITION events_may FOR VALUES FROM ('2026-05-01') TO ('2026-06-01');
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
        return at.changes("AT_AttachPartition").stream()
                .filter(command -> at.isOld(ObjectName.of(command.definition().child("name"))))
                .filter(command -> at.effect().scans())
                .map(command -> at.hit(
                        "all rows of " + ObjectName.of(command.definition().child("name")) + " are read"))
                .toList();
    }
}
