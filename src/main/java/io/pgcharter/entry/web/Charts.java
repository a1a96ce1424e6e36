package io.pgcharter.entry.web;

import io.pgcharter.entry.web.page.DatabasePage;
import io.pgcharter.model.id.DatabaseName;
import io.pgcharter.platform.metrics.Measures;
import io.pgcharter.platform.metrics.Metric;
import io.pgcharter.platform.metrics.MetricHistory;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;

/// The charts of a database's page: what is in each, and its values over the last day.
final class Charts {
    static final Duration TIME = Duration.ofDays(1);

    /// One for five minutes.
    private static final int POINTS = 288;

    private static final int RECENT_POINTS = 96;

    private Charts() {}

    /// One chart.
    ///
    /// @param factor by which values are multiplied to be of `unit`
    private record Plan(String title, DatabasePage.Unit unit, double factor, Map<String, Metric> lines) {}

    /// By name, in their order on the page.
    private static final Map<String, Plan> PLANS = plans();

    private static Map<String, Plan> plans() {
        Map<String, Plan> plans = new LinkedHashMap<>();
        plans.put(
                "connections",
                new Plan(
                        "Connections",
                        DatabasePage.Unit.COUNT,
                        1,
                        lines(
                                "all of the server", Metric.CONNECTIONS,
                                "active", Metric.SESSIONS_ACTIVE,
                                "idle in transaction", Metric.SESSIONS_IDLE_IN_TRANSACTION,
                                "waiting for a lock", Metric.SESSIONS_WAITING)));
        plans.put(
                "transactions",
                new Plan(
                        "Transactions",
                        DatabasePage.Unit.PER_SECOND,
                        1,
                        lines("committed", Metric.COMMITS_PER_SECOND, "rolled back", Metric.ROLLBACKS_PER_SECOND)));
        plans.put(
                "statement-time",
                new Plan(
                        "Time of a statement",
                        DatabasePage.Unit.MILLIS,
                        1000,
                        lines("mean", Metric.STATEMENT_MEAN_SECONDS, "95 of 100", Metric.STATEMENT_P95_SECONDS)));
        plans.put(
                "rows",
                new Plan(
                        "Rows changed",
                        DatabasePage.Unit.PER_SECOND,
                        1,
                        lines(
                                "inserted", Metric.ROWS_INSERTED_PER_SECOND,
                                "updated", Metric.ROWS_UPDATED_PER_SECOND,
                                "deleted", Metric.ROWS_DELETED_PER_SECOND)));
        plans.put(
                "cache",
                new Plan(
                        "Found in shared buffers",
                        DatabasePage.Unit.PERCENT,
                        100,
                        lines("of blocks", Metric.CACHE_HIT_RATIO)));
        plans.put("size", new Plan("Size", DatabasePage.Unit.BYTES, 1, lines("on disk", Metric.DATABASE_BYTES)));
        plans.put(
                "replication",
                new Plan(
                        "Replication lag",
                        DatabasePage.Unit.BYTES,
                        1,
                        lines(
                                "not replayed", Metric.REPLICATION_LAG_BYTES,
                                "kept for slots", Metric.SLOT_RETAINED_BYTES)));
        return plans;
    }

    /// @param pairs names and metrics in turns
    private static Map<String, Metric> lines(Object... pairs) {
        Map<String, Metric> lines = new LinkedHashMap<>();
        for (int index = 0; index < pairs.length; index += 2) {
            lines.put((String) pairs[index], (Metric) pairs[index + 1]);
        }
        return lines;
    }

    /// Those of which the newest sample has a value, with the recent course of their first line.
    static List<DatabasePage.Chart> of(MetricHistory history, DatabaseName database, Measures newest, Instant now) {
        List<DatabasePage.Chart> charts = new ArrayList<>();
        PLANS.forEach((name, plan) -> {
            boolean isKnown = plan.lines().values().stream()
                    .anyMatch(metric -> newest.of(metric).isPresent());
            if (isKnown) {
                Metric first = plan.lines().values().iterator().next();
                List<Double> recent = history.series(database, first, now.minus(TIME), now, RECENT_POINTS).stream()
                        .map(point -> point.mean() * plan.factor())
                        .toList();
                charts.add(new DatabasePage.Chart(
                        name,
                        plan.title(),
                        plan.unit(),
                        "/databases/" + database + "/charts/" + name,
                        recent.subList(Math.max(0, recent.size() - 120), recent.size())));
            }
        });
        return charts;
    }

    /// The values of one chart, in its unit, as [DatabasePage.Chart#source] describes them.
    ///
    /// @throws Rejection 404
    static Map<String, Object> values(MetricHistory history, DatabaseName database, String name, Instant now) {
        Plan plan = PLANS.get(name);
        if (plan == null) {
            throw Rejection.notFound("there is no such chart");
        }
        // Whole steps, so that all lines have their points at the same instants.
        Instant until = Instant.ofEpochSecond(now.getEpochSecond());
        Map<String, Map<Instant, Double>> lines = new LinkedHashMap<>();
        TreeSet<Instant> instants = new TreeSet<>();
        plan.lines().forEach((line, metric) -> {
            Map<Instant, Double> values = new HashMap<>();
            history.series(database, metric, until.minus(TIME), until, POINTS)
                    .forEach(point -> values.put(point.at(), point.mean() * plan.factor()));
            instants.addAll(values.keySet());
            if (!values.isEmpty()) {
                lines.put(line, values);
            }
        });
        Map<String, Object> document = new LinkedHashMap<>();
        document.put("at", instants.stream().map(Instant::getEpochSecond).toList());
        document.put(
                "series",
                lines.entrySet().stream()
                        .map(line -> Map.of(
                                "name",
                                line.getKey(),
                                "values",
                                // A gap is null, which no immutable list takes.
                                Arrays.asList(instants.stream()
                                        .map(at -> line.getValue().get(at))
                                        .toArray())))
                        .toList());
        return document;
    }
}
