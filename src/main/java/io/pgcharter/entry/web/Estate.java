package io.pgcharter.entry.web;

import io.pgcharter.engine.engine.ApprovalInbox;
import io.pgcharter.engine.engine.RunRow;
import io.pgcharter.entry.corridor.Corridor;
import io.pgcharter.entry.corridor.Readings;
import io.pgcharter.model.health.Level;
import io.pgcharter.platform.metrics.MetricHistory;
import io.pgcharter.platform.state.VerdictSummary;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Supplier;

/// What pages say of the whole estate: at most a second old ([Shared]), unless something was changed by this server
/// since. Thread-safe.
final class Estate {
    private static final int WAITING_MAX = 100;
    private static final int NOTICES_MAX = 20;

    private final List<Shared<?>> shared = new CopyOnWriteArrayList<>();
    private final Shared<Now> now;
    private final Shared<Map<String, Map<Level, Integer>>> counts;
    private final Shared<Map<String, MetricHistory.Latest>> latest;

    /// What is so now. Cheap: it costs what is bad or goes on, not what is good.
    ///
    /// @param open runs that go on
    /// @param approvals requests that wait for somebody
    /// @param alerts how many alerts nobody has looked at
    record Now(VerdictSummary verdicts, List<RunRow> open, List<ApprovalInbox.Request> approvals, int alerts) {}

    Estate(Corridor corridor) {
        this.now = share(() -> {
            Readings readings = corridor.readings();
            return new Now(
                    readings.verdicts().summary(NOTICES_MAX),
                    readings.runs().open(),
                    readings.approvals().open(WAITING_MAX),
                    AlertsView.waiting(readings));
        });
        this.counts = share(() -> corridor.readings().verdicts().counts());
        this.latest = share(() -> corridor.readings().metrics().latest());
    }

    /// Something else that all pages share.
    ///
    /// @param look asks the control database; may call the others
    <T> Shared<T> share(Supplier<T> look) {
        Shared<T> made = new Shared<>(look, System::nanoTime);
        shared.add(made);
        return made;
    }

    Now now() {
        return now.get();
    }

    /// How many checks say what of each subject.
    Map<String, Map<Level, Integer>> counts() {
        return counts.get();
    }

    /// The newest sample of each subject.
    Map<String, MetricHistory.Latest> latest() {
        return latest.get();
    }

    /// Something was changed here; whoever did it sees it on the next page.
    void forget() {
        shared.forEach(Shared::forget);
    }
}
