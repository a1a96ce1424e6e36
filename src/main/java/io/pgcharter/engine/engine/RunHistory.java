package io.pgcharter.engine.engine;

import io.pgcharter.model.id.RunId;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import org.jdbi.v3.core.Jdbi;
import org.jdbi.v3.core.result.RowView;

/// The runs of all nodes, for reading. Thread-safe.
public final class RunHistory {
    private static final String COLUMNS = """
            SELECT id, verb, operation, person, node, subjects, begun_at, ended_at, outcome, ending, cancel_requested, steps
            FROM pgcharter.run
            """;

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

    /// The newest `count` runs, newest first.
    public List<RunRow> last(int count) {
        return jdbi.withHandle(handle -> handle.createQuery(COLUMNS + "ORDER BY begun_at DESC LIMIT :count")
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
