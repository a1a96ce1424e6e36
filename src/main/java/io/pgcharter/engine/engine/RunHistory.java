package io.pgcharter.engine.engine;

import io.pgcharter.model.id.RunId;
import java.time.Instant;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import org.jdbi.v3.core.Jdbi;
import org.jdbi.v3.core.result.RowView;
import org.jdbi.v3.core.statement.Query;

/// The runs of all nodes, for reading. Thread-safe.
public final class RunHistory {
    private static final String COLUMNS = """
            SELECT id, verb, operation, person, node, subjects, begun_at, ended_at, outcome, ending, cancel_requested, steps
            FROM pgcharter.run
            """;

    private static final String WORK = "verb NOT IN ('login', 'logout')";

    private final Jdbi jdbi;
    private final Function<RunId, Optional<List<RunStep>>> live;

    /// @param live steps of a run of this process, as they are right now
    RunHistory(Jdbi jdbi, Function<RunId, Optional<List<RunStep>>> live) {
        this.jdbi = jdbi;
        this.live = live;
    }

    /// The runs that go on, oldest first.
    public List<RunRow> open() {
        return jdbi.withHandle(handle -> handle.createQuery(COLUMNS + "WHERE ended_at IS NULL ORDER BY begun_at")
                .map(this::read)
                .list());
    }

    /// The newest `count` runs, newest first. Who came and went is in the journal, not among these.
    public List<RunRow> last(int count) {
        return jdbi.withHandle(
                handle -> handle.createQuery(COLUMNS + "WHERE " + WORK + " ORDER BY begun_at DESC LIMIT :count")
                        .bind("count", count)
                        .map(this::read)
                        .list());
    }

    /// The newest `count` runs that name `subject`, newest first.
    ///
    /// @param subject `database/payments` or `repository/offsite`
    public List<RunRow> last(String subject, int count) {
        return jdbi.withHandle(handle -> handle.createQuery(
                        COLUMNS + "WHERE subjects @> ARRAY[:subject]::text[] ORDER BY begun_at DESC LIMIT :count")
                .bind("subject", subject)
                .bind("count", count)
                .map(this::read)
                .list());
    }

    /// The newest `count` runs that were begun before `run`, newest first.
    ///
    /// @param run id of a run to go on below; empty for the newest of all
    /// @param subject only those that name it
    public List<RunRow> before(Optional<String> run, Optional<String> subject, int count) {
        String older = run.isPresent() ? "begun_at < (SELECT begun_at FROM pgcharter.run WHERE id = :run)" : "true";
        String named = subject.isPresent() ? "subjects @> ARRAY[:subject]::text[]" : "true";
        return jdbi.withHandle(handle -> {
            Query query = handle.createQuery(COLUMNS + "WHERE " + WORK + " AND " + older + " AND " + named
                    + " ORDER BY begun_at DESC LIMIT :count");
            run.ifPresent(id -> query.bind("run", id));
            subject.ifPresent(name -> query.bind("subject", name));
            return query.bind("count", count).map(this::read).list();
        });
    }

    /// When the newest runs of a verb that were done began and ended, by subject.
    public record Newest(Map<String, Instant> begunAt, Map<String, Instant> endedAt) {
        public Newest {
            begunAt = Map.copyOf(begunAt);
            endedAt = Map.copyOf(endedAt);
        }

        public Optional<Instant> of(String subject) {
            return Optional.ofNullable(begunAt.get(subject));
        }
    }

    /// Of each of `subjects` the newest run of `verb` that was done and names it first. One look into an index each,
    /// however long the history is.
    public Newest newest(String verb, Collection<String> subjects) {
        Map<String, Instant> begun = new HashMap<>();
        Map<String, Instant> ended = new HashMap<>();
        jdbi.useHandle(handle -> handle.registerArrayType(String.class, "text")
                .createQuery("""
                SELECT s.subject, r.begun_at, r.ended_at
                FROM unnest(:subjects) AS s (subject) CROSS JOIN LATERAL (
                  SELECT begun_at, ended_at FROM pgcharter.run
                  WHERE verb = :verb AND subjects[1] = s.subject AND outcome = 'done'
                  ORDER BY begun_at DESC LIMIT 1
                ) AS r""")
                .bind("verb", verb)
                .bindArray("subjects", String.class, subjects)
                .map(row -> {
                    begun.put(row.getColumn(1, String.class), row.getColumn(2, Instant.class));
                    ended.put(row.getColumn(1, String.class), row.getColumn(3, Instant.class));
                    return row.getColumn(1, String.class);
                })
                .list());
        return new Newest(begun, ended);
    }

    /// From when to when runs of `verb` that were done and name `subject` first worked, oldest first.
    ///
    /// @param since when the first of them may have begun
    public List<Worked> done(String verb, String subject, Instant since) {
        return jdbi.withHandle(handle -> handle.createQuery("""
                        SELECT begun_at, ended_at FROM pgcharter.run
                        WHERE verb = :verb AND subjects[1] = :subject AND outcome = 'done' AND begun_at >= :since
                        ORDER BY begun_at""")
                .bind("verb", verb)
                .bind("subject", subject)
                .bind("since", since)
                .map(row -> new Worked(row.getColumn(1, Instant.class), row.getColumn(2, Instant.class)))
                .list());
    }

    /// From when to when a run worked.
    public record Worked(Instant from, Instant until) {}

    /// When the oldest run that is known began.
    public Optional<Instant> oldest() {
        return jdbi.withHandle(handle -> handle.createQuery("SELECT min(begun_at) FROM pgcharter.run")
                .map(row -> Optional.ofNullable(row.getColumn(1, Instant.class)))
                .one());
    }

    /// The newest run of a verb that was done.
    public Optional<RunRow> newest(String verb) {
        return jdbi.withHandle(handle -> handle.createQuery(
                        COLUMNS + "WHERE verb = :verb AND outcome = 'done' ORDER BY begun_at DESC LIMIT 1")
                .bind("verb", verb)
                .map(this::read)
                .findOne());
    }

    public Optional<RunRow> find(RunId run) {
        return jdbi.withHandle(handle -> handle.createQuery(COLUMNS + "WHERE id = :id")
                .bind("id", run.text())
                .map(this::read)
                .findOne());
    }

    private RunRow read(RowView row) {
        String id = row.getColumn(1, String.class);
        String steps = row.getColumn(12, String.class);
        return new RunRow(
                id,
                row.getColumn(2, String.class),
                OperationText.operation(row.getColumn(3, String.class)),
                row.getColumn(4, String.class),
                row.getColumn(5, String.class),
                List.of(row.getColumn(6, String[].class)),
                row.getColumn(7, Instant.class),
                Optional.ofNullable(row.getColumn(8, Instant.class)),
                Optional.ofNullable(row.getColumn(9, String.class)),
                Optional.ofNullable(row.getColumn(10, String.class)),
                row.getColumn(11, Boolean.class),
                live.apply(new RunId(id)).orElseGet(() -> steps == null ? List.of() : OperationText.steps(steps)));
    }
}
