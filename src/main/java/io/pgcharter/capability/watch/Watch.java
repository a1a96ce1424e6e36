package io.pgcharter.capability.watch;

import io.pgcharter.model.id.DatabaseName;
import io.pgcharter.model.operation.Report;
import io.pgcharter.model.operation.Run;
import io.pgcharter.platform.inventory.RunUpkeep;
import io.pgcharter.platform.metrics.Measurement;
import io.pgcharter.platform.metrics.MetricHistory;
import io.pgcharter.platform.metrics.MetricUpkeep;
import io.pgcharter.platform.metrics.NodeMeter;
import io.pgcharter.platform.metrics.StatementHistory;
import io.pgcharter.platform.metrics.StatementMeter;
import io.pgcharter.platform.metrics.StatementReadings;
import io.pgcharter.platform.postgres.PostgresUrl;
import io.pgcharter.platform.secret.Secrets;
import io.pgcharter.platform.state.State;
import io.pgcharter.platform.state.Watchers;
import io.pgcharter.policy.charter.Charter;
import io.pgcharter.policy.charter.MigrationPlan.Migrations;
import io.pgcharter.policy.charter.WatchPlan;
import io.pgcharter.policy.check.Check.Rhythm;
import io.pgcharter.policy.check.Checkbook;
import java.time.Duration;
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

    /// Where in its rhythm that begins which only the first of the nodes does: after the look at who watches.
    private static final double ONCE_KNOWN = 0.1;

    /// More than the probe's own limits come to.
    private static final Duration JUDGED_MAX = Duration.ofSeconds(45);

    /// Measurements that wait while the control database does not answer; more are let go.
    private static final int WAITING_MAX = 20_000;

    private static final int WRITTEN_AT_ONCE = 1_000;

    private final Parts parts;
    private final WatchPlan plan;
    private final Run run;
    private final Duties duties = new Duties();
    private final Lanes lanes = new Lanes();
    private final ScheduledExecutorService timer;
    private final MetricHistory history;
    private final StatementHistory statements;
    private final StatementReadings readings;
    private final Watchers watchers;
    private final ArrayBlockingQueue<Measurement> waiting = new ArrayBlockingQueue<>(WAITING_MAX);
    private final Map<DatabaseName, Watched> watched = new LinkedHashMap<>();
    private final LongAdder samples = new LongAdder();
    private final CheckRound checks;
    private volatile int share;
    private volatile boolean first;

    /// What a watch works with.
    record Parts(Charter charter, Secrets secrets, State state, Checkbook checkbook, Watching.Node node) {}

    /// A database and what is done for it.
    private record Watched(WatchedDatabase database, List<Duty> duties) {}

    Watch(Parts parts, Run run) {
        this.parts = parts;
        this.plan = parts.charter().serving().watch();
        this.run = run;
        this.history = new MetricHistory(parts.state());
        this.statements = new StatementHistory(parts.state());
        this.readings = new StatementReadings(parts.state());
        this.checks = new CheckRound(
                parts.charter(), parts.checkbook(), parts.state(), parts.node().clock());
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
        NodeMeter meter = new NodeMeter(parts.node().name(), parts.state().directory());
        MetricUpkeep upkeep = new MetricUpkeep(parts.state());
        RunUpkeep history = new RunUpkeep(parts.state());
        duties.add(new Duty("share of the databases", SHARE_PAUSE.toNanos(), 0, this::takeShare));
        duties.add(new Duty("metrics", WRITE_PAUSE.toNanos(), 1, this::write));
        duties.add(new Duty(
                "this node",
                NODE_PAUSE.toNanos(),
                0,
                () -> measured(meter.measure(share, duties.missed() / (double) NODE_PAUSE.toSeconds()))));
        duties.add(new Duty("upkeep of metrics", UPKEEP_PAUSE.toNanos(), 0.5, () -> {
            int unusedSlices = upkeep.run();
            statements.forgetOld();
            readings.forgetOld();
            int unusedRuns = history.run();
        }));
        duties.add(new Duty("checks of the installation", plan.checkEvery().toNanos(), ONCE_KNOWN, () -> {
            if (first) {
                checks.installation();
            }
        }));
        for (Watching.Chore chore : parts.node().chores()) {
            duties.add(new Duty(chore.name(), chore.every().toNanos(), ONCE_KNOWN, () -> {
                if (first) {
                    chore.work().accept(run::check);
                }
            }));
        }
    }

    private void takeShare() {
        List<String> runs = watchers.live();
        first = Share.isFirst(run.id().text(), runs);
        Set<DatabaseName> mine =
                Share.of(run.id().text(), runs, parts.charter().databases().keySet());
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
            watched.computeIfAbsent(database, this::take);
        }
        share = mine.size();
    }

    private boolean isReleased(DatabaseName name) {
        return parts.charter()
                .shaping()
                .migrations()
                .of(name)
                .flatMap(Migrations::release)
                .isPresent();
    }

    private Watched take(DatabaseName name) {
        WatchedDatabase database = new WatchedDatabase(
                Measurement.subject(name),
                () -> url(name),
                lanes,
                timer,
                new StatementMeter(
                        (costs, texts, lasting) -> {
                            statements.enter(name, costs, texts);
                            if (isReleased(name)) {
                                readings.keep(name, costs, lasting);
                            }
                        },
                        plan.statementsEvery()));
        List<Duty> all = new ArrayList<>();
        all.add(new Duty(
                "metrics of " + name,
                plan.every().toNanos(),
                Share.offset(name),
                () -> {
                    measured(database.sample());
                    samples.increment();
                },
                database::close));
        all.add(judging(name, database, Rhythm.FAST, plan.checkEvery()));
        all.add(judging(name, database, Rhythm.SLOW, plan.checkEvery().multipliedBy(WatchPlan.SLOWER)));
        all.forEach(duties::add);
        return new Watched(database, all);
    }

    /// Who was slow the last time goes by the slow lane here, too.
    private Duty judging(DatabaseName name, WatchedDatabase database, Rhythm rhythm, Duration every) {
        return new Duty(
                (rhythm == Rhythm.FAST ? "fast" : "slow") + " checks of " + name,
                every.toNanos(),
                // The slow ones among the first, too: nobody waits a quarter of an hour to know.
                Share.offset(name) * plan.checkEvery().toNanos() / every.toNanos(),
                () -> {
                    PostgresUrl url = url(name);
                    try (Lanes.Place _ = lanes.checked(url.server());
                            Lanes.Place _ = database.isSlow() ? lanes.slow() : lanes.checks();
                            Deadline _ = new Deadline(timer, JUDGED_MAX)) {
                        checks.judge(name, url, rhythm, run::check);
                    }
                });
    }

    private PostgresUrl url(DatabaseName name) {
        return PostgresUrl.parse(
                parts.secrets().resolve(parts.charter().database(name).url()));
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
