package io.pgcharter.platform.inventory;

import io.pgcharter.model.estate.JobTrouble;
import io.pgcharter.model.estate.OverdueJob;
import io.pgcharter.platform.state.State;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.jdbi.v3.core.Jdbi;

/// What the control database records of the schedule's jobs, also of those the charter has no more. Reads only.
/// Thread-safe.
public final class JobChronicle {
    /// What is due for so long and has not begun is overdue.
    private static final Duration OVERDUE = Duration.ofMinutes(5);

    private final Jdbi jdbi;

    public JobChronicle(State state) {
        this.jdbi = state.jdbi();
    }

    /// What was not done the last time it was due, by job and target. What a blackout left out was to be left out and
    /// counts for nothing; what runs or waits just now has not made good what was before it.
    ///
    /// One look at an index for each job and target that is queued.
    public List<JobTrouble> troubles() {
        return jdbi.withHandle(handle -> handle.createQuery("""
                        WITH queued AS (
                          SELECT split_part(task_instance, '/', 1) AS job,
                            substr(task_instance, strpos(task_instance, '/') + 1) AS target
                          FROM pgcharter.job_due)
                        SELECT q.job, q.target, newest.due_at, newest.outcome, newest.reason,
                          (SELECT count(*)::int FROM pgcharter.job_run bad
                           WHERE bad.job = q.job AND bad.target = q.target
                             AND bad.outcome IN ('missed', 'skipped', 'failed', 'refused')
                             AND coalesce(bad.reason, '') NOT LIKE 'blackout %'
                             AND bad.due_at > coalesce(
                               (SELECT due_at FROM pgcharter.job_run done
                                WHERE done.job = q.job AND done.target = q.target AND done.outcome = 'done'
                                ORDER BY due_at DESC LIMIT 1), '-infinity'))
                        FROM queued q CROSS JOIN LATERAL (
                          SELECT due_at, outcome, reason FROM pgcharter.job_run r
                          WHERE r.job = q.job AND r.target = q.target AND ended_at IS NOT NULL
                            AND NOT (outcome = 'skipped' AND coalesce(reason, '') LIKE 'blackout %')
                          ORDER BY due_at DESC LIMIT 1) newest
                        WHERE newest.outcome <> 'done' ORDER BY q.job, q.target""")
                .map(row -> new JobTrouble(
                        row.getColumn(1, String.class),
                        row.getColumn(2, String.class),
                        row.getColumn(3, Instant.class),
                        row.getColumn(4, String.class),
                        Optional.ofNullable(row.getColumn(5, String.class)),
                        row.getColumn(6, Integer.class)))
                .list());
    }

    /// What should have begun five minutes ago or earlier, the oldest first; also what a node began that died since.
    public List<OverdueJob> overdue() {
        return jdbi.withHandle(handle -> handle.createQuery("""
                        SELECT split_part(task_instance, '/', 1), substr(task_instance, strpos(task_instance, '/') + 1),
                          execution_time
                        FROM pgcharter.job_due
                        WHERE execution_time < clock_timestamp() - :seconds * interval '1 second'
                          AND (NOT picked OR last_heartbeat < clock_timestamp() - :seconds * interval '1 second')
                        ORDER BY execution_time, task_instance""")
                .bind("seconds", OVERDUE.toSeconds())
                .map(row -> new OverdueJob(
                        row.getColumn(1, String.class),
                        row.getColumn(2, String.class),
                        row.getColumn(3, Instant.class)))
                .list());
    }

    /// Processes that serve, seen within the last minute.
    public int serving() {
        return jdbi.withHandle(
                handle -> handle.createQuery("""
                        SELECT count(*)::int FROM pgcharter.serving_node
                        WHERE seen_at > clock_timestamp() - interval '1 minute'""").mapTo(Integer.class).one());
    }
}
