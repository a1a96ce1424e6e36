package io.pgcharter.platform.metrics;

import io.pgcharter.model.id.DatabaseName;
import io.pgcharter.platform.state.State;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.concurrent.TimeUnit;
import org.jdbi.v3.core.Jdbi;

/// What was measured, in the control database: every sample for 2 days, five minutes' mean and peak for 30 days, an
/// hour's for 2 years. All times are the control database's. Thread-safe.
///
/// A database sampled every 15 s takes about 15 MB: 3 for samples, 4 for five minutes, 8 for hours, indexes
/// included.
public final class MetricHistory {
    static final Duration SAMPLES_KEPT = Duration.ofDays(2);
    static final Duration FIVE_MINUTES_KEPT = Duration.ofDays(30);
    static final Duration HOURS_KEPT = Duration.ofDays(730);

    private final Jdbi jdbi;

    public MetricHistory(State state) {
        this.jdbi = state.jdbi();
    }

    /// One point of a chart.
    ///
    /// @param at when what it stands for begins
    public record Point(Instant at, double mean, double peak) {}

    /// The newest sample of a subject.
    ///
    /// @param age how long ago it was taken: one that is old says nothing of now
    public record Latest(String subject, Instant at, Duration age, Measures measures) {}

    /// Enters samples, in one statement.
    public void enter(List<Measurement> samples) {
        if (samples.isEmpty()) {
            return;
        }
        long now = System.nanoTime();
        List<String> subjects = new ArrayList<>();
        List<Long> ages = new ArrayList<>();
        List<String> values = new ArrayList<>();
        for (Measurement sample : samples) {
            subjects.add(sample.subject());
            ages.add(TimeUnit.NANOSECONDS.toMillis(now - sample.takenNanos()));
            values.add(sample.measures().text());
        }
        jdbi.useHandle(handle -> handle.registerArrayType(String.class, "text")
                .registerArrayType(Long.class, "bigint")
                .createUpdate("""
                        WITH fresh AS (
                          SELECT subject, clock.now - age * interval '1 ms' AS at, value::real[] AS value
                          FROM unnest(:subjects, :ages, :values) AS given (subject, age, value),
                            (SELECT clock_timestamp() AS now) AS clock
                        ), entered AS (
                          INSERT INTO pgcharter.metric (subject, at, value) SELECT subject, at, value FROM fresh
                          ON CONFLICT DO NOTHING
                        )
                        INSERT INTO pgcharter.metric_latest AS was (subject, at, value)
                        SELECT DISTINCT ON (subject) subject, at, value FROM fresh ORDER BY subject, at DESC
                        ON CONFLICT (subject) DO UPDATE SET at = excluded.at, value = excluded.value
                        WHERE was.at < excluded.at""")
                .bindArray("subjects", String.class, subjects)
                .bindArray("ages", Long.class, ages)
                .bindArray("values", String.class, values)
                .execute());
    }

    /// The newest sample of every subject there ever was, by subject.
    public Map<String, Latest> latest() {
        return jdbi.withHandle(handle -> {
            Map<String, Latest> latest = new HashMap<>();
            handle.createQuery("""
                            SELECT subject, at, value, extract(epoch FROM clock_timestamp() - at) FROM pgcharter.metric_latest""")
                    .map(row -> new Latest(
                            row.getColumn(1, String.class),
                            row.getColumn(2, Instant.class),
                            Duration.ofMillis(Math.max(0, Math.round(row.getColumn(4, Double.class) * 1000))),
                            Measures.of(row.getColumn(3, Float[].class))))
                    .forEach(found -> latest.put(found.subject(), found));
            return latest;
        });
    }

    /// One metric of a database over time, oldest first, at most `pointsMax` points; times without a value are left
    /// out.
    public List<Point> series(DatabaseName database, Metric metric, Instant from, Instant to, int pointsMax) {
        return series(Measurement.subject(database), metric, from, to, pointsMax);
    }

    /// One metric of a subject over time. The finest resolution is taken that is kept for all of the time asked for
    /// and not much finer than needed; what it does not cover yet comes from finer ones.
    ///
    /// @param subject `database/payments` or `node/backup1`
    public List<Point> series(String subject, Metric metric, Instant from, Instant to, int pointsMax) {
        Duration step = Duration.between(from, to).dividedBy(Math.max(1, pointsMax));
        Resolution resolution = jdbi.withHandle(handle -> Resolution.fitting(
                step,
                handle.createQuery("SELECT clock_timestamp()")
                        .map(row -> row.getColumn(1, Instant.class))
                        .one(),
                from));
        return jdbi.withHandle(handle -> handle.createQuery("""
                        WITH border AS (
                          SELECT coalesce(max(done_until) FILTER (WHERE task = 'condense hours'), '-infinity') AS hours,
                            coalesce(max(done_until) FILTER (WHERE task = 'condense 5 minutes'), '-infinity') AS fives
                          FROM pgcharter.metric_progress
                        ), picked AS (
                          SELECT CASE WHEN :coarse >= 2 THEN hours ELSE '-infinity' END AS hours,
                            CASE WHEN :coarse >= 1 THEN fives ELSE '-infinity' END AS fives FROM border
                        ), points AS (
                          SELECT at, mean[:index] AS mean, peak[:index] AS peak FROM pgcharter.metric_hour, picked
                          WHERE subject = :subject AND at >= :from AND at < least(:to, hours)
                          UNION ALL
                          SELECT at, mean[:index], peak[:index] FROM pgcharter.metric_5_minutes, picked
                          WHERE subject = :subject AND at >= greatest(:from, hours) AND at < least(:to, fives)
                          UNION ALL
                          SELECT at, value[:index], value[:index] FROM pgcharter.metric, picked
                          WHERE subject = :subject AND at >= greatest(:from, hours, fives) AND at < :to
                        )
                        SELECT date_bin(:step * interval '1 ms', at, :from), avg(mean), max(peak) FROM points
                        WHERE mean IS NOT NULL GROUP BY 1 ORDER BY 1""")
                .bind("coarse", resolution.coarse)
                .bind("index", metric.position())
                .bind("subject", subject)
                .bind("from", from.atOffset(ZoneOffset.UTC))
                .bind("to", to.atOffset(ZoneOffset.UTC))
                .bind("step", Math.max(1, step.toMillis() + (step.toNanosPart() % 1_000_000 > 0 ? 1 : 0)))
                .map(row -> new Point(
                        row.getColumn(1, Instant.class),
                        row.getColumn(2, Double.class),
                        row.getColumn(3, Double.class)))
                .list());
    }

    /// The means of one metric over the last time, oldest first, for many subjects at once: five minutes' as far as
    /// they are condensed, then the samples in fives as well. Those of which nothing is known are missing.
    ///
    /// @param subjects `database/payments`
    public Map<String, List<Double>> recent(Collection<String> subjects, Metric metric, Duration time) {
        return jdbi.withHandle(handle -> {
            Map<String, List<Double>> recent = new HashMap<>();
            handle.registerArrayType(String.class, "text")
                    .createQuery("""
                            WITH border AS (
                              SELECT coalesce(max(done_until), '-infinity') AS fives
                              FROM pgcharter.metric_progress WHERE task = 'condense 5 minutes'
                            ), begin AS (
                              SELECT clock_timestamp() - :seconds * interval '1 second' AS at
                            ), points AS (
                              SELECT subject, m.at, mean[:index] AS value
                              FROM pgcharter.metric_5_minutes m, border, begin
                              WHERE subject = ANY (:subjects) AND m.at >= begin.at AND m.at < fives
                              UNION ALL
                              SELECT subject, m.at, value[:index] FROM pgcharter.metric m, border, begin
                              WHERE subject = ANY (:subjects) AND m.at >= greatest(begin.at, fives)
                            )
                            SELECT subject, avg(value) FROM points WHERE value IS NOT NULL
                            GROUP BY subject, date_bin('5 min', at, 'epoch') ORDER BY subject, date_bin('5 min', at, 'epoch')""")
                    .bind("seconds", time.toSeconds())
                    .bind("index", metric.position())
                    .bindArray("subjects", String.class, subjects)
                    .map(row -> Map.entry(row.getColumn(1, String.class), row.getColumn(2, Double.class)))
                    .forEach(point -> recent.computeIfAbsent(point.getKey(), _ -> new ArrayList<>())
                            .add(point.getValue()));
            return recent;
        });
    }

    /// How far apart stored points are.
    enum Resolution {
        SAMPLES(0),
        FIVE_MINUTES(1),
        HOURS(2);

        private final int coarse;

        Resolution(int coarse) {
            this.coarse = coarse;
        }

        static Resolution fitting(Duration step, Instant now, Instant from) {
            Duration back = Duration.between(from, now);
            if (step.compareTo(Duration.ofHours(1)) >= 0 || back.compareTo(FIVE_MINUTES_KEPT) > 0) {
                return HOURS;
            }
            if (step.compareTo(Duration.ofMinutes(5)) >= 0 || back.compareTo(SAMPLES_KEPT) > 0) {
                return FIVE_MINUTES;
            }
            return SAMPLES;
        }
    }

    /// The newest value of a metric, if it was sampled within `ageMax`.
    public OptionalDouble now(DatabaseName database, Metric metric, Duration ageMax) {
        Latest found = latest().get(Measurement.subject(database));
        return found == null || found.age().compareTo(ageMax) > 0
                ? OptionalDouble.empty()
                : found.measures().of(metric);
    }
}
