package io.pgcharter.capability.release;

import io.pgcharter.model.migration.Release;
import io.pgcharter.model.migration.Release.Entry;
import io.pgcharter.model.migration.Release.Step;
import io.pgcharter.model.operation.Run;
import io.pgcharter.model.problem.ProblemCode;
import io.pgcharter.model.problem.ProblemException;
import io.pgcharter.platform.metrics.Metric;
import io.pgcharter.platform.metrics.MetricHistory;
import io.pgcharter.platform.metrics.MetricHistory.Point;
import io.pgcharter.platform.metrics.StatementReadings;
import io.pgcharter.platform.metrics.StatementReadings.Spent;
import io.pgcharter.platform.metrics.StatementTotals;
import io.pgcharter.platform.postgres.Session;
import io.pgcharter.platform.postgres.Session.Row;
import io.pgcharter.policy.release.Watchfulness;
import io.pgcharter.policy.release.Watchfulness.Before;
import io.pgcharter.policy.release.Watchfulness.Cost;
import io.pgcharter.policy.release.Watchfulness.Since;
import io.pgcharter.policy.release.Watchfulness.Statement;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import org.jspecify.annotations.Nullable;

/// Looks at a database after a release, every 5 s or ten times in all, for as long as the charter says; and ends at
/// the first fault. One session, which is opened again if it is lost.
final class Watcher {
    private static final Duration PACE_MAX = Duration.ofSeconds(5);
    private static final int LOOKS_MIN = 10;
    private static final Duration HOUR = Duration.ofHours(1);
    private static final int POINTS = 120;

    private final Footing footing;
    private final MetricHistory metrics;
    private final StatementReadings readings;

    Watcher(Footing footing, MetricHistory metrics, StatementReadings readings) {
        this.footing = footing;
        this.metrics = metrics;
        this.readings = readings;
    }

    /// What counters said when the watch began.
    private record Counters(long rollbacks, long deadlocks, Map<Long, Statement> statements) {}

    /// @throws ProblemException `RELEASE_STOPPED` naming the faults
    Ended watch(Release release, Run run) {
        Before before = before(release);
        Duration lasting = footing.plan().watch();
        long begun = System.nanoTime();
        try (Looking looking = new Looking()) {
            while (System.nanoTime() - begun < lasting.toNanos()) {
                Pause.of(pace(lasting), run);
                Since since = looking.look(Duration.ofNanos(System.nanoTime() - begun));
                List<String> faults = Watchfulness.faults(before, since);
                if (!faults.isEmpty()) {
                    throw new ProblemException(
                            ProblemCode.RELEASE_STOPPED,
                            "'" + footing.database() + "' is not as it was before the release",
                            String.join("; ", faults),
                            "pgcharter health " + footing.database() + "; pgcharter queries " + footing.database());
                }
            }
            return Ended.done(evidence(before, lasting, looking));
        }
    }

    private static Map<String, String> evidence(Before before, Duration lasting, Looking looking) {
        Map<String, String> evidence = new LinkedHashMap<>();
        evidence.put("watched", lasting.toSeconds() + " s, " + looking.looks + " looks");
        evidence.put(
                "compared with",
                before.rollbacksPerSecond().isPresent()
                        ? "the hour before"
                        : "nothing: of the hour before nothing is known, so only what is never right counts");
        evidence.put(
                "statements",
                looking.trouble.orElseGet(() -> before.covered().isZero()
                        ? "not compared: what they cost in the hour before is not known"
                        : before.statements().size() + " known from "
                                + before.covered().toSeconds() + " s of the hour before"));
        return evidence;
    }

    private static Duration pace(Duration lasting) {
        Duration pace = lasting.dividedBy(LOOKS_MIN);
        return pace.compareTo(PACE_MAX) > 0 ? PACE_MAX : pace;
    }

    private Before before(Release release) {
        Instant applied = release.log().stream()
                .filter(entry -> entry.step() == Step.APPLIED)
                .map(Entry::begunAt)
                .findFirst()
                .orElse(release.begunAt());
        Spent spent = readings.between(footing.database(), applied.minus(HOUR), applied);
        Map<Long, Cost> costs = new HashMap<>();
        spent.costs().forEach((id, cost) -> costs.put(id, new Cost(cost.calls(), cost.milliseconds())));
        return new Before(
                most(Metric.ROLLBACKS_PER_SECOND, applied),
                most(Metric.DEADLOCKS_PER_SECOND, applied),
                spent.covered(),
                costs);
    }

    private OptionalDouble most(Metric metric, Instant until) {
        return metrics.series(footing.database(), metric, until.minus(HOUR), until, POINTS).stream()
                .mapToDouble(Point::peak)
                .max();
    }

    /// One watch's looks.
    private final class Looking implements AutoCloseable {
        private @Nullable Session session;
        private @Nullable Counters first;
        private Since last = new Since(Duration.ZERO, 0, 0, 0, 0, Map.of());
        private Optional<String> trouble = Optional.empty();
        private int looks;

        Since look(Duration lasting) {
            looks++;
            try {
                Session open = session == null ? footing.open() : session;
                session = open;
                last = read(open, lasting);
            } catch (ProblemException unreached) {
                // That it does not answer is what is counted.
                close();
                last = new Since(
                        lasting, last.unreached() + 1, last.rollbacks(), last.deadlocks(), 0, last.statements());
            }
            return last;
        }

        private Since read(Session open, Duration lasting) {
            Row row = open.query(
                            """
                            select xact_rollback, deadlocks, (select count(*) from pg_catalog.pg_stat_activity
                              where datname = pg_catalog.current_database() and wait_event_type = 'Lock' and state = 'active'
                                and pg_catalog.clock_timestamp() - query_start > $1::bigint * interval '1 ms')
                            from pg_catalog.pg_stat_database where datname = pg_catalog.current_database()""",
                            Long.toString(footing.migrations().lockTimeout().toMillis()))
                    .getFirst();
            Counters now = new Counters(row.number(0), row.number(1), costs(open));
            Counters then = first == null ? now : first;
            first = then;
            return new Since(
                    lasting,
                    0,
                    Math.max(0, now.rollbacks() - then.rollbacks()),
                    Math.max(0, now.deadlocks() - then.deadlocks()),
                    row.number(2) > 0 ? last.waiting() + 1 : 0,
                    grown(then.statements(), now.statements()));
        }

        private Map<Long, Statement> costs(Session open) {
            StatementTotals totals = StatementTotals.read(open);
            trouble = totals.trouble().map(why -> "not compared: " + why);
            Map<Long, Statement> costs = new HashMap<>();
            totals.statements()
                    .forEach(line -> costs.put(
                            line.cost().id(),
                            new Statement(
                                    line.text(),
                                    new Cost(line.cost().calls(), line.cost().milliseconds()))));
            return costs;
        }

        private static Map<Long, Statement> grown(Map<Long, Statement> then, Map<Long, Statement> now) {
            Map<Long, Statement> grown = new HashMap<>();
            now.forEach((id, statement) -> {
                Cost old = then.containsKey(id) ? then.get(id).cost() : new Cost(0, 0);
                long calls = statement.cost().calls() - old.calls();
                if (calls > 0) {
                    grown.put(
                            id,
                            new Statement(
                                    statement.text(),
                                    new Cost(calls, statement.cost().milliseconds() - old.milliseconds())));
                }
            });
            return grown;
        }

        @Override
        public void close() {
            if (session != null) {
                session.close();
                session = null;
            }
        }
    }
}
