package io.pgcharter.entry.web;

import io.pgcharter.engine.engine.ApprovalInbox;
import io.pgcharter.engine.engine.RunHistory;
import io.pgcharter.engine.engine.RunRow;
import io.pgcharter.entry.corridor.Corridor;
import io.pgcharter.entry.corridor.Readings;
import io.pgcharter.model.health.Level;
import io.pgcharter.platform.state.VerdictSummary;
import java.util.List;
import java.util.Map;

/// What every page says of the whole estate, and the overview in detail: at most a second old ([Shared]), unless
/// something was changed by this server since. Thread-safe.
final class Estate {
    private static final int WAITING_MAX = 100;
    private static final int NOTICES_MAX = 20;

    private final Shared<Now> now;
    private final Shared<Done> done;
    private final Shared<Map<String, Map<Level, Integer>>> counts;

    /// What is so now. Cheap: it costs what is bad or goes on, not what is good.
    ///
    /// @param open runs that go on
    /// @param approvals requests that wait for somebody
    record Now(VerdictSummary verdicts, List<RunRow> open, List<ApprovalInbox.Request> approvals) {}

    /// What was done last for each database of the charter.
    record Done(RunHistory.Newest backups, RunHistory.Newest proofs) {}

    Estate(Corridor corridor) {
        this.now = new Shared<>(
                () -> {
                    Readings readings = corridor.readings();
                    return new Now(
                            readings.verdicts().summary(NOTICES_MAX),
                            readings.runs().open(),
                            readings.approvals().open(WAITING_MAX));
                },
                System::nanoTime);
        this.done = new Shared<>(
                () -> {
                    RunHistory runs = corridor.readings().runs();
                    List<String> subjects = corridor.charter().databases().keySet().stream()
                            .map(name -> "database/" + name)
                            .toList();
                    return new Done(runs.newest("backup", subjects), runs.newest("verify", subjects));
                },
                System::nanoTime);
        this.counts = new Shared<>(() -> corridor.readings().verdicts().counts(), System::nanoTime);
    }

    Now now() {
        return now.get();
    }

    Done done() {
        return done.get();
    }

    /// How many checks say what of each subject.
    Map<String, Map<Level, Integer>> counts() {
        return counts.get();
    }

    /// Something was changed here; whoever did it sees it on the next page.
    void forget() {
        now.forget();
        done.forget();
        counts.forget();
    }
}
