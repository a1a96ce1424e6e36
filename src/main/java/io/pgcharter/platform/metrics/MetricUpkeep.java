package io.pgcharter.platform.metrics;

import io.pgcharter.platform.state.State;
import java.time.Duration;
import java.time.OffsetDateTime;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.Jdbi;

/// Condenses samples into five minutes and five minutes into hours, and removes what is old: each by one statement
/// a slice of at most an hour (samples) or a day (five minutes), each slice a transaction of its own. Nodes may do
/// this at the same time: one works, the others find nothing to do. Thread-safe.
public final class MetricUpkeep {
    /// A year's backlog, as after a long pause, is worked off in so many calls at most.
    private static final int SLICES_MAX = 200;

    /// How long a sample may be on its way. What comes later is missing in the condensed history.
    private static final Duration ON_ITS_WAY = Duration.ofMinutes(1);

    private final Jdbi jdbi;

    public MetricUpkeep(State state) {
        this.jdbi = state.jdbi();
    }

    /// Does what is due. Call it every few minutes.
    ///
    /// @return how many slices were worked on
    public int run() {
        int slices = repeat("condense 5 minutes", "pgcharter.metric", "5 minutes", "1 hour", ON_ITS_WAY, FIVE_MINUTES);
        slices +=
                repeat("condense hours", "pgcharter.metric_5_minutes", "1 hour", "1 day", Duration.ofMinutes(6), HOURS);
        slices += repeat("remove samples", "pgcharter.metric", "5 minutes", "1 hour", MetricHistory.SAMPLES_KEPT, """
                DELETE FROM pgcharter.metric m USING pgcharter.metric_latest l
                WHERE m.subject = l.subject AND m.at >= :from AND m.at < :until""");
        slices += repeat(
                "remove 5 minutes",
                "pgcharter.metric_5_minutes",
                "1 hour",
                "1 day",
                MetricHistory.FIVE_MINUTES_KEPT,
                """
                DELETE FROM pgcharter.metric_5_minutes m USING pgcharter.metric_latest l
                WHERE m.subject = l.subject AND m.at >= :from AND m.at < :until""");
        slices += repeat("remove hours", "pgcharter.metric_hour", "1 day", "30 days", MetricHistory.HOURS_KEPT, """
                WITH removed AS (
                  DELETE FROM pgcharter.metric_hour m USING pgcharter.metric_latest l
                  WHERE m.subject = l.subject AND m.at >= :from AND m.at < :until
                )
                DELETE FROM pgcharter.metric_latest WHERE at < :until""");
        return slices;
    }

    /// A subject at a time, by the primary key: no other index is needed.
    private static final String FIVE_MINUTES = """
            INSERT INTO pgcharter.metric_5_minutes (subject, at, mean, peak)
            SELECT subject, bin, array_agg(mean ORDER BY number), array_agg(peak ORDER BY number)
            FROM (
              SELECT m.subject, date_bin('5 minutes', m.at, '2000-01-01Z') AS bin, v.number,
                avg(v.value)::real AS mean, max(v.value) AS peak
              FROM pgcharter.metric_latest l
              JOIN pgcharter.metric m ON m.subject = l.subject AND m.at >= :from AND m.at < :until,
                unnest(m.value) WITH ORDINALITY AS v (value, number)
              GROUP BY 1, 2, 3
            ) AS condensed
            GROUP BY subject, bin
            ON CONFLICT (subject, at) DO NOTHING""";

    /// The mean of an hour is that of its five minutes' means.
    private static final String HOURS = """
            INSERT INTO pgcharter.metric_hour (subject, at, mean, peak)
            SELECT subject, bin, array_agg(mean ORDER BY number), array_agg(peak ORDER BY number)
            FROM (
              SELECT m.subject, date_bin('1 hour', m.at, '2000-01-01Z') AS bin, v.number,
                avg(v.mean)::real AS mean, max(v.peak) AS peak
              FROM pgcharter.metric_latest l
              JOIN pgcharter.metric_5_minutes m ON m.subject = l.subject AND m.at >= :from AND m.at < :until,
                unnest(m.mean, m.peak) WITH ORDINALITY AS v (mean, peak, number)
              GROUP BY 1, 2, 3
            ) AS condensed
            GROUP BY subject, bin
            ON CONFLICT (subject, at) DO NOTHING""";

    private int repeat(String task, String source, String grain, String slice, Duration behind, String work) {
        int slices = 0;
        while (slices < SLICES_MAX
                && jdbi.inTransaction(handle -> slice(handle, new Task(task, source, grain, slice, behind), work))) {
            slices++;
        }
        return slices;
    }

    /// @param grain what slices end at a multiple of @param behind how far back it stays
    private record Task(String name, String source, String grain, String slice, Duration behind) {}

    /// @return whether there was a slice to work on
    private static boolean slice(Handle handle, Task task, String work) {
        handle.createUpdate("""
                        INSERT INTO pgcharter.metric_progress (task, done_until)
                        SELECT :task, date_bin(:grain::interval, min(at), '2000-01-01Z') FROM <source>
                        WHERE NOT EXISTS (SELECT FROM pgcharter.metric_progress WHERE task = :task)
                        HAVING min(at) IS NOT NULL
                        ON CONFLICT DO NOTHING""".replace("<source>", task.source()))
                .bind("task", task.name())
                .bind("grain", task.grain())
                .execute();
        return handle.createQuery("""
                        SELECT done_until, least(done_until + :slice::interval, due) FROM (
                          SELECT done_until,
                            date_bin(:grain::interval, clock_timestamp() - :behind * interval '1 s', '2000-01-01Z') AS due
                          FROM pgcharter.metric_progress WHERE task = :task FOR UPDATE SKIP LOCKED
                        ) AS progress WHERE done_until < due""")
                .bind("task", task.name())
                .bind("slice", task.slice())
                .bind("grain", task.grain())
                .bind("behind", task.behind().toSeconds())
                .map(row -> new Slice(row.getColumn(1, OffsetDateTime.class), row.getColumn(2, OffsetDateTime.class)))
                .findOne()
                .map(due -> {
                    handle.createUpdate(work)
                            .bind("from", due.from())
                            .bind("until", due.until())
                            .execute();
                    return handle.createUpdate(
                                            "UPDATE pgcharter.metric_progress SET done_until = :until WHERE task = :task")
                                    .bind("until", due.until())
                                    .bind("task", task.name())
                                    .execute()
                            == 1;
                })
                .orElse(false);
    }

    private record Slice(OffsetDateTime from, OffsetDateTime until) {}
}
