package io.pgcharter.engine.schedule;

import io.pgcharter.model.id.RunId;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Optional;
import org.jdbi.v3.core.Jdbi;
import org.jdbi.v3.core.result.RowView;
import org.jdbi.v3.core.statement.SqlStatement;

/// What became of each instant that was due. Thread-safe.
final class JobRuns {
    /// Older rows are removed; the newest of each job and target stays.
    private static final int DAYS_KEPT = 100;

    private static final String COLUMNS = """
            SELECT job, target, due_at, attempt, outcome, reason, run, node, started_at, ended_at
            FROM pgcharter.job_run
            """;

    private static final String ONE = " WHERE job = :job AND target = :target AND due_at = :due ";

    /// What was ended stays ended, and what another node has taken over is its.
    private static final String OURS = ONE + "AND ended_at IS NULL AND node = :node";

    private final Jdbi jdbi;
    private final String node;

    /// @param node tells this process from all others
    JobRuns(Jdbi jdbi, String node) {
        this.jdbi = jdbi;
        this.node = node;
    }

    Optional<JobRun> find(Duty duty, Instant due) {
        return jdbi.withHandle(handle -> bound(handle.createQuery(COLUMNS + ONE), duty, due)
                .map(JobRuns::read)
                .findOne());
    }

    /// Takes the instant for this node.
    ///
    /// @return false if it has been handled to its end
    boolean claim(Duty duty, Instant due) {
        return jdbi.withHandle(handle -> bound(handle.createUpdate("""
                        INSERT INTO pgcharter.job_run AS was (job, target, due_at, attempt, outcome, node, started_at)
                        VALUES (:job, :target, :due, 1, 'running', :node, clock_timestamp())
                        ON CONFLICT (job, target, due_at) DO UPDATE
                        SET attempt = was.attempt + CASE was.outcome WHEN 'running' THEN 1 ELSE 0 END,
                            outcome = 'running', reason = NULL, run = NULL, node = excluded.node,
                            started_at = excluded.started_at
                        WHERE was.ended_at IS NULL"""), duty, due)
                        .bind("node", node)
                        .execute())
                == 1;
    }

    /// Notes the run that works for an instant of ours.
    void note(Duty duty, Instant due, RunId run) {
        jdbi.useHandle(handle -> bound(handle.createUpdate("UPDATE pgcharter.job_run SET run = :run" + OURS), duty, due)
                .bind("node", node)
                .bind("run", run.text())
                .execute());
    }

    /// Ends an instant of ours that was claimed.
    void end(Duty duty, Instant due, String outcome, Optional<String> reason) {
        jdbi.useHandle(handle -> bound(
                        handle.createUpdate("UPDATE pgcharter.job_run SET outcome = :outcome, reason = :reason,"
                                + " ended_at = clock_timestamp()" + OURS),
                        duty,
                        due)
                .bind("node", node)
                .bind("outcome", outcome)
                .bind("reason", reason.orElse(null))
                .execute());
    }

    /// Lets an instant wait, claimed or not.
    void await(Duty duty, Instant due, String reason) {
        enter(duty, due, "waiting", reason, "NULL");
    }

    /// Ends an instant that never ran, or whose node died: whatever became of it is `outcome`, unless it had ended.
    void settle(Duty duty, Instant due, String outcome, String reason) {
        enter(duty, due, outcome, reason, "clock_timestamp()");
    }

    private void enter(Duty duty, Instant due, String outcome, String reason, String ended) {
        jdbi.useHandle(handle -> bound(handle.createUpdate("""
                        INSERT INTO pgcharter.job_run AS was
                          (job, target, due_at, attempt, outcome, reason, node, started_at, ended_at)
                        VALUES (:job, :target, :due, 1, :outcome, :reason, :node, clock_timestamp(), %s)
                        ON CONFLICT (job, target, due_at) DO UPDATE
                        SET outcome = excluded.outcome, reason = excluded.reason, node = excluded.node,
                            ended_at = excluded.ended_at
                        WHERE was.ended_at IS NULL""".formatted(ended)), duty, due)
                .bind("node", node)
                .bind("outcome", outcome)
                .bind("reason", reason)
                .execute());
    }

    /// The newest of each job and target, with when it last was done and how many were missed in [#DAYS_KEPT] days.
    List<Last> last() {
        return jdbi.withHandle(handle -> handle.createQuery("""
                SELECT n.*,
                       (SELECT max(ended_at) FROM pgcharter.job_run d
                        WHERE d.job = n.job AND d.target = n.target AND d.outcome = 'done'),
                       (SELECT count(*) FROM pgcharter.job_run m
                        WHERE m.job = n.job AND m.target = n.target AND m.outcome = 'missed')
                FROM (SELECT DISTINCT ON (job, target)
                        job, target, due_at, attempt, outcome, reason, run, node, started_at, ended_at
                      FROM pgcharter.job_run ORDER BY job, target, due_at DESC) n""")
                .map(row -> new Last(
                        read(row),
                        Optional.ofNullable(row.getColumn(11, Instant.class)),
                        row.getColumn(12, Long.class)))
                .list());
    }

    record Last(JobRun run, Optional<Instant> doneAt, long missed) {}

    /// The newest `count`, newest first.
    List<JobRun> newest(int count) {
        return jdbi.withHandle(handle -> handle.createQuery(COLUMNS + "ORDER BY due_at DESC, job, target LIMIT :count")
                .bind("count", count)
                .map(JobRuns::read)
                .list());
    }

    /// Removes what is old.
    void tidy() {
        jdbi.useHandle(
                handle -> handle.createUpdate("""
                        DELETE FROM pgcharter.job_run old
                        WHERE due_at < clock_timestamp() - :days * interval '1 day' AND ended_at IS NOT NULL
                          AND EXISTS (SELECT 1 FROM pgcharter.job_run newer
                                      WHERE newer.job = old.job AND newer.target = old.target AND newer.due_at > old.due_at)""").bind("days", DAYS_KEPT).execute());
    }

    /// Says that this node serves.
    void serve() {
        jdbi.useTransaction(handle -> {
            handle.createUpdate("""
                    INSERT INTO pgcharter.serving_node (node, since, seen_at)
                    VALUES (:node, clock_timestamp(), clock_timestamp())
                    ON CONFLICT (node) DO UPDATE SET seen_at = excluded.seen_at""").bind("node", node).execute();
            handle.execute("DELETE FROM pgcharter.serving_node WHERE seen_at < clock_timestamp() - interval '1 day'");
        });
    }

    /// Says that this node serves no more.
    void leave() {
        jdbi.useHandle(handle -> handle.createUpdate("DELETE FROM pgcharter.serving_node WHERE node = :node")
                .bind("node", node)
                .execute());
    }

    private static <S extends SqlStatement<S>> S bound(S statement, Duty duty, Instant due) {
        return statement
                .bind("job", duty.job().name())
                .bind("target", duty.target())
                .bind("due", OffsetDateTime.ofInstant(due, ZoneOffset.UTC));
    }

    private static JobRun read(RowView row) {
        return new JobRun(
                row.getColumn(1, String.class),
                row.getColumn(2, String.class),
                row.getColumn(3, Instant.class),
                row.getColumn(4, Integer.class),
                row.getColumn(5, String.class),
                Optional.ofNullable(row.getColumn(6, String.class)),
                Optional.ofNullable(row.getColumn(7, String.class)),
                row.getColumn(8, String.class),
                row.getColumn(9, Instant.class),
                Optional.ofNullable(row.getColumn(10, Instant.class)));
    }
}
