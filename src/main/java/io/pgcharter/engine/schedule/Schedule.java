package io.pgcharter.engine.schedule;

import io.pgcharter.engine.engine.Engine;
import io.pgcharter.platform.state.ControlClock;
import io.pgcharter.platform.state.DueQueue;
import io.pgcharter.platform.state.State;
import io.pgcharter.policy.charter.Charter;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The schedule of one charter, as this node serves it. What is due, and by whose clock, all nodes agree on: the
/// control database's. Each instant is handled by one node; another one takes over if that dies.
public final class Schedule {
    private static final Logger LOG = LoggerFactory.getLogger(Schedule.class);

    private final List<Duty> duties;
    private final ControlClock clock;
    private final JobRuns runs;
    private final DueQueue queue;

    /// @param node name of this machine
    public Schedule(Charter charter, Engine engine, State state, String node) {
        String process = node + "/" + ProcessHandle.current().pid();
        this.duties =
                Duty.of(charter).stream().filter(duty -> duty.job().isEnabled()).toList();
        this.clock = new ControlClock(state);
        this.runs = new JobRuns(state.jdbi(), process);
        Handling handling = new Handling(new Submitting(charter, engine, runs), runs, clock);
        Map<String, Duty> byKey = Duty.byKey(duties);
        this.queue = new DueQueue(
                state,
                process,
                charter.serving().schedule().workers(),
                clock,
                due -> handling.handle(Optional.ofNullable(byKey.get(due.key())), due));
    }

    /// Enters what the charter schedules, drops what it no longer does, and begins to hand out what is due.
    ///
    /// What is new is due next time: nothing was missed that nobody had asked for.
    public void start() {
        Instant now = clock.instant();
        Map<String, DueQueue.Entry> wanted = new LinkedHashMap<>();
        for (Duty duty : duties) {
            Handling.after(duty, now)
                    .ifPresent(next -> wanted.put(duty.key(), new DueQueue.Entry(next.data(), next.at())));
        }
        queue.keep(wanted, data -> Marker.parse(data).origin());
        runs.serve();
        queue.start();
        LOG.info("{} of the charter's jobs and targets are scheduled", wanted.size());
    }

    /// To be called every few seconds: says that this node serves, and removes records that are old.
    public void tidy() {
        runs.serve();
        runs.tidy();
    }

    /// Hands nothing out any more and returns when what runs has ended.
    public void stop() {
        queue.stop();
        runs.leave();
    }
}
