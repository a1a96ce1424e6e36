package io.pgcharter.entry.corridor;

import io.pgcharter.engine.engine.ApprovalInbox;
import io.pgcharter.engine.engine.RunHistory;
import io.pgcharter.engine.schedule.ScheduleReading;
import io.pgcharter.model.alert.Silence;
import io.pgcharter.platform.access.People;
import io.pgcharter.platform.access.Tokens;
import io.pgcharter.platform.inventory.Inventory;
import io.pgcharter.platform.metrics.MetricHistory;
import io.pgcharter.platform.metrics.StatementHistory;
import io.pgcharter.platform.state.AlertBook;
import io.pgcharter.platform.state.Outbox;
import io.pgcharter.platform.state.Releases;
import io.pgcharter.platform.state.Verdicts;
import io.pgcharter.policy.alert.AlertRules;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;

/// What the control database knows, for faces to read. Reading changes nothing and is no operation.
///
/// @param book alerts and silences @param outbox notices
/// @param exposition gives what Prometheus reads, as [io.pgcharter.platform.metrics.Exposition] writes it
public record Readings(
        RunHistory runs,
        Verdicts verdicts,
        ScheduleReading schedule,
        AlertBook book,
        Outbox outbox,
        AlertRules rules,
        Inventory inventory,
        MetricHistory metrics,
        StatementHistory statements,
        Supplier<String> exposition,
        ApprovalInbox approvals,
        People people,
        Tokens tokens,
        Releases releases) {
    /// The alerts that are not over: firing first, then acknowledged, then pending; the worst of each first.
    public List<AlertRow> alerts() {
        Instant now = book.now();
        List<Silence> silences = book.silences();
        return book.open().stream()
                .map(alert -> AlertRow.of(alert, rules.silenced(alert.topic(), silences, now)))
                .sorted(AlertRow.WORST_FIRST)
                .toList();
    }

    /// The alerts that are over, the newest first.
    public List<AlertRow> alertHistory(int count) {
        return book.resolved(count).stream()
                .map(alert -> AlertRow.of(alert, Optional.empty()))
                .toList();
    }
}
