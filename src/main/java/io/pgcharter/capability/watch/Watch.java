package io.pgcharter.capability.watch;

import io.pgcharter.model.id.DatabaseName;
import io.pgcharter.model.operation.Report;
import io.pgcharter.model.operation.Run;
import io.pgcharter.platform.metrics.Measurement;
import io.pgcharter.platform.metrics.MetricHistory;
import io.pgcharter.platform.metrics.MetricUpkeep;
import io.pgcharter.platform.metrics.NodeMeter;
import io.pgcharter.platform.metrics.StatementHistory;
import io.pgcharter.platform.metrics.StatementMeter;
import io.pgcharter.platform.postgres.PostgresUrl;
import io.pgcharter.platform.secret.Secrets;
import io.pgcharter.platform.state.State;
import io.pgcharter.platform.state.Watchers;
import io.pgcharter.policy.charter.Charter;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.atomic.LongAdder;

/// One watch from its begin to its end: its share of the databases, and what is done for them.
final class Watch implements AutoCloseable {
    private static final Duration SHARE_PAUSE = Duration.ofSeconds(5);
    private static final Duration WRITE_PAUSE = Duration.ofSeconds(1);
    private static final Duration NODE_PAUSE = Duration.ofSeconds(15);
    private static final Duration UPKEEP_PAUSE = Duration.ofMinutes(5);

    /// Measurements that wait while the control database does not answer; more are let go.
    private static final int WAITING_MAX = 20_000;

    private static final int WRITTEN_AT_ONCE = 1_000;

    private final Parts parts;
    private final Run run;
    private final Duties duties = new Duties();
    private final Lanes lanes = new Lanes();
    private final ScheduledExecutorService timer;
    private final MetricHistory history;
    private final StatementHistory statements;
    private final Watchers watchers;
    private final ArrayBlockingQueue<Measurement> waiting = new ArrayBlockingQueue<>(WAITING_MAX);
    private final Map<DatabaseName, Watched> watched = new LinkedHashMap<>();
    private final LongAdder samples = new LongAdder();
    private volatile int share;

    /// What a watch works with.
    record Parts(Charter charter, Secrets secrets, State state, String node, InstantSource clock) {}

    /// A database and what is done for it.
    private record Watched(WatchedDatabase database, List<Duty> duties) {}

    Watch(Parts parts, Run run) {
        this.parts = parts;
        this.run = run;
        this.history = new MetricHistory(parts.state());
        this.statements = new StatementHistory(parts.state());
        this.watchers = new Watchers(parts.state());
        ScheduledThreadPoolExecutor deadlines = new ScheduledThreadPoolExecutor(
                1,
                Thread.ofPlatform().daemon().name("pgcharter-watch-deadlines").factory());
        deadlines.setRemoveOnCancelPolicy(true);
        this.timer = deadlines;
    }

    Duties duties() {
        return duties;
    }

    /// How many databases are its own.
    int share() {
        return share;
    }

    /// Fills in what is to be done. The databases come with the first look at who else watches.
    void begin() {
        Duration every = parts.charter().serving().watch().every();
        NodeMeter meter = new NodeMeter(parts.node(), parts.state().directory());
        MetricUpkeep upkeep = new MetricUpkeep(parts.state());
        duties.add(new Duty("share of the databases", SHARE_PAUSE.toNanos(), 0, () -> takeShare(every)));
        duties.add(new Duty("metrics", WRITE_PAUSE.toNanos(), 1, this::write));
        duties.add(new Duty(
                "this node",
                NODE_PAUSE.toNanos(),
                0,
                () -> measured(meter.measure(share, duties.missed() / (double) NODE_PAUSE.toSeconds()))));
        duties.add(new Duty("upkeep of metrics", UPKEEP_PAUSE.toNanos(), 0.5, () -> {
            int unused = upkeep.run();
            statements.forgetOld();
        }));
    }

    private void takeShare(Duration every) {
        Set<DatabaseName> mine = Share.of(
                run.id().text(), watchers.live(), parts.charter().databases().keySet());
        List<DatabaseName> left = watched.keySet().stream()
                .filter(database -> !mine.contains(database))
                .toList();
        for (DatabaseName database : left) {
            Watched gone = watched.remove(database);
            if (gone != null) {
                gone.duties().forEach(Duty::drop);
            }
        }
        for (DatabaseName database : mine) {
            watched.computeIfAbsent(database, name -> take(name, every));
        }
        share = mine.size();
    }

    private Watched take(DatabaseName name, Duration every) {
        WatchedDatabase database = new WatchedDatabase(
                Measurement.subject(name),
                () -> PostgresUrl.parse(
                        parts.secrets().resolve(parts.charter().database(name).url())),
                lanes,
                timer,
                new StatementMeter((costs, texts) -> statements.enter(name, costs, texts)));
        List<Duty> all = new ArrayList<>();
        all.add(new Duty(
                "metrics of " + name,
                every.toNanos(),
                Share.offset(name),
                () -> {
                    measured(database.sample());
                    samples.increment();
                },
                database::close));
        all.forEach(duties::add);
        return new Watched(database, all);
    }

    /// Where the control database does not take them, the oldest wait, and the newest are let go when too many do.
    private void measured(Measurement measurement) {
        boolean unused = waiting.offer(measurement);
    }

    private void write() {
        List<Measurement> batch = new ArrayList<>();
        while (waiting.drainTo(batch, WRITTEN_AT_ONCE) > 0) {
            boolean entered = false;
            try {
                history.enter(batch);
                entered = true;
            } finally {
                if (!entered) {
                    batch.forEach(this::measured);
                }
            }
            batch.clear();
        }
    }

    Report.Watch report(int databases) {
        return new Report.Watch(databases, samples.sum());
    }

    @Override
    public void close() {
        duties.close();
        timer.shutdownNow();
        watched.values().forEach(each -> each.database().close());
    }
}
