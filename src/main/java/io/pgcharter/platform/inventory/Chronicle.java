package io.pgcharter.platform.inventory;

import io.pgcharter.model.estate.ClockDifference;
import io.pgcharter.model.estate.Failure;
import io.pgcharter.model.estate.JournalTail;
import io.pgcharter.model.estate.OpenApproval;
import io.pgcharter.model.estate.RunEnd;
import io.pgcharter.platform.state.State;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import org.jdbi.v3.core.Jdbi;
import org.jdbi.v3.core.result.RowView;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// What the control database records of runs, approvals and the journal, and how it is itself. Reads only; each method
/// is a statement that an index serves. Thread-safe.
///
/// Failures of the control database are thrown as they are (`JdbiException`): the caller knows what they mean.
public final class Chronicle {
    /// Failures from before are forgotten: by then the work is missing, which other checks say.
    private static final Duration FAILURES_KEPT = Duration.ofDays(90);

    private static final JsonMapper JSON = JsonMapper.builder().build();

    private final Jdbi jdbi;

    public Chronicle(State state) {
        this.jdbi = state.jdbi();
    }

    /// The control database's time, by which everything here is dated.
    public Instant now() {
        return jdbi.withHandle(handle -> handle.createQuery("SELECT clock_timestamp()")
                .map(row -> row.getColumn(1, Instant.class))
                .one());
    }

    /// Asks the control database for its time in between two looks at the node's clock.
    public ClockDifference clock(InstantSource node) {
        return jdbi.withHandle(handle -> {
            // The first question pays for the connection.
            handle.execute("SELECT 1");
            Instant before = node.instant();
            Instant there = handle.createQuery("SELECT clock_timestamp()")
                    .map(row -> row.getColumn(1, Instant.class))
                    .one();
            Duration half = Duration.between(before, node.instant()).dividedBy(2);
            return new ClockDifference(Duration.between(there, before.plus(half)), half.abs());
        });
    }

    /// Size of the control database on disk.
    public long bytes() {
        return jdbi.withHandle(handle -> handle.createQuery("SELECT pg_database_size(current_database())")
                .mapTo(Long.class)
                .one());
    }

    /// The newest run of `verb` that has ended, whatever its end.
    ///
    /// @param subject only runs that name it; empty for all
    public Optional<RunEnd> lastEnded(String verb, Optional<String> subject) {
        return last(verb, subject, "ended_at IS NOT NULL");
    }

    /// The newest run of `verb` that was done.
    ///
    /// @param subject only runs that name it; empty for all
    public Optional<RunEnd> lastDone(String verb, Optional<String> subject) {
        return last(verb, subject, "outcome = 'done'");
    }

    private Optional<RunEnd> last(String verb, Optional<String> subject, String which) {
        return jdbi.withHandle(handle -> handle.createQuery("""
                        SELECT id, verb, subjects, ended_at, coalesce(outcome, 'lost'), ending
                        FROM pgcharter.run
                        WHERE verb = :verb AND (:subject::text IS NULL OR subjects @> ARRAY[:subject::text])
                          AND %s ORDER BY begun_at DESC LIMIT 1""".formatted(which))
                .bind("verb", verb)
                .bind("subject", subject.orElse(null))
                .map(Chronicle::end)
                .findOne());
    }

    /// Work of these verbs that failed and has not succeeded since, on the same subjects or more. What a person
    /// cancelled is not among it, nor what a later failure stands for.
    public List<Failure> failures(Collection<String> verbs) {
        return jdbi.withHandle(handle -> handle.registerArrayType(String.class, "text")
                .createQuery("""
                        SELECT DISTINCT ON (f.verb, f.subjects) f.id, f.verb, f.subjects, f.ended_at, f.outcome, f.ending,
                          count(*) OVER (PARTITION BY f.verb, f.subjects)::int
                        FROM pgcharter.run f
                        WHERE f.outcome IN ('failed', 'lost') AND f.verb = ANY (:verbs)
                          AND f.begun_at > clock_timestamp() - :days * interval '1 day'
                          AND coalesce(f.ending, '') NOT LIKE '%"code":"CANCELLED"%'
                          AND NOT EXISTS (
                            SELECT FROM pgcharter.run s
                            WHERE s.verb = f.verb AND s.begun_at > f.begun_at AND s.outcome = 'done'
                              AND s.subjects @> f.subjects AND (s.verb <> 'maintain' OR s.operation = f.operation))
                        ORDER BY f.verb, f.subjects, f.begun_at DESC""")
                .bindArray("verbs", String.class, verbs)
                .bind("days", FAILURES_KEPT.toDays())
                .map(row -> new Failure(end(row), row.getColumn(7, Integer.class)))
                .list());
    }

    /// Requests that can be agreed to and lack agreements, oldest first.
    public List<OpenApproval> approvals() {
        return jdbi.withHandle(handle -> handle.createQuery("""
                        SELECT r.id, r.operation, r.asker, r.asked_at, r.expires_at, count(a.person)::int, r.needed
                        FROM pgcharter.approval_request r LEFT JOIN pgcharter.approval a ON a.request = r.id
                        WHERE r.used_at IS NULL AND r.expires_at > clock_timestamp()
                        GROUP BY r.id HAVING count(a.person) < r.needed ORDER BY r.asked_at""")
                .map(row -> new OpenApproval(
                        row.getColumn(1, String.class),
                        JSON.readTree(row.getColumn(2, String.class))
                                .path("operation")
                                .asString(),
                        row.getColumn(3, String.class),
                        row.getColumn(4, Instant.class),
                        row.getColumn(5, Instant.class),
                        row.getColumn(6, Integer.class),
                        row.getColumn(7, Integer.class)))
                .list());
    }

    /// @param anchored entries, from the first, that a repository holds copies of
    public JournalTail journal(long anchored) {
        return jdbi.withHandle(handle -> handle.createQuery("""
                        SELECT coalesce(max(sequence), 0),
                          (SELECT convert_from(leaf, 'UTF8')::jsonb ->> 'time' FROM pgcharter.journal
                            ORDER BY sequence LIMIT 1),
                          (SELECT convert_from(leaf, 'UTF8')::jsonb ->> 'time' FROM pgcharter.journal
                            WHERE sequence > :anchored ORDER BY sequence LIMIT 1)
                        FROM pgcharter.journal""")
                .bind("anchored", anchored)
                .map(row -> new JournalTail(
                        row.getColumn(1, Long.class),
                        Optional.ofNullable(row.getColumn(2, String.class)).map(Instant::parse),
                        Math.max(0, row.getColumn(1, Long.class) - anchored),
                        Optional.ofNullable(row.getColumn(3, String.class)).map(Instant::parse)))
                .one());
    }

    private static RunEnd end(RowView row) {
        Optional<JsonNode> ending =
                Optional.ofNullable(row.getColumn(6, String.class)).map(JSON::readTree);
        Optional<JsonNode> problem = ending.map(node -> node.path("problem")).filter(node -> !node.isMissingNode());
        return new RunEnd(
                row.getColumn(1, String.class),
                row.getColumn(2, String.class),
                List.of(row.getColumn(3, String[].class)),
                row.getColumn(4, Instant.class),
                row.getColumn(5, String.class),
                problem.map(node -> node.path("code").asString()),
                problem.map(node -> node.path("fact").asString()),
                ending.map(node -> damage(node.path("report"))));
    }

    /// `findings` of a repository check, `breaks` of a verification of the journal.
    private static List<String> damage(JsonNode report) {
        List<String> damage = new ArrayList<>();
        report.path("findings")
                .forEach(finding -> damage.add(finding.path("fact").asString()));
        report.path("breaks").forEach(line -> damage.add(line.asString()));
        return damage;
    }
}
