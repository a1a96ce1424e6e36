package io.pgcharter.platform.metrics;

import io.pgcharter.model.estate.SlowStatement;
import io.pgcharter.model.id.DatabaseName;
import io.pgcharter.platform.state.State;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jdbi.v3.core.Jdbi;
import org.jdbi.v3.core.result.RowView;

/// What statements cost, day by day (UTC) for 60 days, in the control database. Thread-safe.
public final class StatementHistory {
    static final int DAYS_KEPT = 60;

    /// What is executed now and then may take its time: a report, a nightly job.
    private static final int SLOW_CALLS_MIN = 10;

    private final Jdbi jdbi;

    public StatementHistory(State state) {
        this.jdbi = state.jdbi();
    }

    /// A statement that has become slower.
    ///
    /// @param text without values
    /// @param before the days before the last one, together
    /// @param last the last day
    public record Regression(String text, StatementCost before, StatementCost last) {}

    /// Adds what was executed to the day that it is now.
    public void enter(DatabaseName database, Collection<StatementCost> costs, Map<Long, String> texts) {
        jdbi.useTransaction(handle -> {
            handle.registerArrayType(Long.class, "bigint")
                    .registerArrayType(String.class, "text")
                    .createUpdate("""
                            INSERT INTO pgcharter.statement (database, id, text, seen_on)
                            SELECT :database, id, text, (clock_timestamp() AT TIME ZONE 'UTC')::date
                            FROM unnest(:ids, :texts) AS given (id, text)
                            ON CONFLICT (database, id) DO UPDATE SET seen_on = excluded.seen_on""")
                    .bind("database", database.text())
                    .bindArray("ids", Long.class, List.copyOf(texts.keySet()))
                    .bindArray("texts", String.class, List.copyOf(texts.values()))
                    .execute();
            CostColumns.update(handle, """
                            INSERT INTO pgcharter.statement_day AS was (database, day, id, calls, milliseconds, rows)
                            SELECT :database, (clock_timestamp() AT TIME ZONE 'UTC')::date, id, calls, milliseconds, rows
                            FROM unnest(:ids, :calls, :milliseconds, :rows) AS given (id, calls, milliseconds, rows)
                            ON CONFLICT (database, day, id) DO UPDATE SET calls = was.calls + excluded.calls,
                              milliseconds = was.milliseconds + excluded.milliseconds, rows = was.rows + excluded.rows""", costs)
                    .bind("database", database.text())
                    .bindArray(
                            "rows",
                            Long.class,
                            costs.stream().map(StatementCost::rows).toList())
                    .execute();
        });
    }

    /// Days of which anything is known of the database.
    public int days(DatabaseName database) {
        return jdbi.withHandle(handle -> handle.createQuery(
                        "SELECT count(DISTINCT day) FROM pgcharter.statement_day WHERE database = :database")
                .bind("database", database.text())
                .mapTo(Integer.class)
                .one());
    }

    /// A statement on the newest day.
    ///
    /// @param text without values
    /// @param share of the time of all statements of that day, 0 to 1
    /// @param before the day before; empty if it was not executed then
    public record Costly(String text, StatementCost cost, double share, Optional<StatementCost> before) {}

    /// The statements that cost most today, or yesterday where today nothing is known yet; at most `max`.
    public List<Costly> costliest(DatabaseName database, int max) {
        return jdbi.withHandle(handle -> handle.createQuery("""
                        WITH border AS (
                          SELECT max(day) AS last FROM pgcharter.statement_day
                          WHERE database = :database AND day >= (clock_timestamp() AT TIME ZONE 'UTC')::date - 1
                        ), newest AS (
                          SELECT id, calls, milliseconds, rows,
                            coalesce(milliseconds / nullif(sum(milliseconds) OVER (), 0), 0) AS share, last
                          FROM pgcharter.statement_day, border WHERE database = :database AND day = last
                        )
                        SELECT n.id, coalesce(s.text, ''), n.calls, n.milliseconds, n.rows, n.share,
                          b.calls, b.milliseconds, b.rows
                        FROM newest n
                          LEFT JOIN pgcharter.statement s ON s.database = :database AND s.id = n.id
                          LEFT JOIN pgcharter.statement_day b
                            ON b.database = :database AND b.id = n.id AND b.day = n.last - 1 AND b.calls > 0
                        ORDER BY n.milliseconds DESC, n.id LIMIT :max""")
                .bind("database", database.text())
                .bind("max", max)
                .map(StatementHistory::costly)
                .list());
    }

    private static Costly costly(RowView row) {
        long id = row.getColumn(1, Long.class);
        return new Costly(
                row.getColumn(2, String.class),
                new StatementCost(
                        id, row.getColumn(3, Long.class), row.getColumn(4, Double.class), row.getColumn(5, Long.class)),
                row.getColumn(6, Double.class),
                Optional.ofNullable(row.getColumn(7, Long.class))
                        .map(calls -> new StatementCost(
                                id, calls, row.getColumn(8, Double.class), row.getColumn(9, Long.class))));
    }

    /// Statements whose mean time on the last day with executions is at least `factor` times that of the up to 7
    /// days before, with at least `callsMin` executions in each of the two, and a second lost in all. Those that
    /// lose most come first, at most `max`.
    public List<Regression> regressions(DatabaseName database, double factor, long callsMin, int max) {
        return jdbi.withHandle(handle -> handle.createQuery("""
                        WITH border AS (
                          SELECT max(day) AS last FROM pgcharter.statement_day WHERE database = :database
                        ), compared AS (
                          SELECT d.id,
                            coalesce(sum(calls) FILTER (WHERE day < last), 0)::bigint AS calls_before,
                            sum(milliseconds) FILTER (WHERE day < last) AS milliseconds_before,
                            coalesce(sum(rows) FILTER (WHERE day < last), 0)::bigint AS rows_before,
                            coalesce(sum(calls) FILTER (WHERE day = last), 0)::bigint AS calls,
                            sum(milliseconds) FILTER (WHERE day = last) AS milliseconds,
                            coalesce(sum(rows) FILTER (WHERE day = last), 0)::bigint AS rows
                          FROM pgcharter.statement_day d, border
                          WHERE d.database = :database AND day BETWEEN last - 7 AND last GROUP BY d.id
                        )
                        SELECT c.id, coalesce(s.text, ''), calls_before, milliseconds_before, rows_before,
                          calls, milliseconds, rows
                        FROM compared c LEFT JOIN pgcharter.statement s ON s.database = :database AND s.id = c.id
                        WHERE calls_before >= :calls AND calls >= :calls
                          AND milliseconds / calls >= :factor * milliseconds_before / calls_before
                          AND milliseconds - calls * milliseconds_before / calls_before >= 1000
                        ORDER BY milliseconds - calls * milliseconds_before / calls_before DESC LIMIT :max""")
                .bind("database", database.text())
                .bind("calls", callsMin)
                .bind("factor", factor)
                .bind("max", max)
                .map(row -> new Regression(
                        row.getColumn(2, String.class),
                        new StatementCost(
                                row.getColumn(1, Long.class),
                                row.getColumn(3, Long.class),
                                row.getColumn(4, Double.class),
                                row.getColumn(5, Long.class)),
                        new StatementCost(
                                row.getColumn(1, Long.class),
                                row.getColumn(6, Long.class),
                                row.getColumn(7, Double.class),
                                row.getColumn(8, Long.class))))
                .list());
    }

    /// Statements whose mean time of today (UTC) is over `limit`, in at least 10 executions. Those that cost most come
    /// first, at most `max`.
    public List<SlowStatement> slow(DatabaseName database, Duration limit, int max) {
        return jdbi.withHandle(handle -> handle.createQuery("""
                        SELECT d.id, coalesce(s.text, ''), calls, milliseconds / calls
                        FROM pgcharter.statement_day d
                          LEFT JOIN pgcharter.statement s ON s.database = d.database AND s.id = d.id
                        WHERE d.database = :database AND day = (clock_timestamp() AT TIME ZONE 'UTC')::date
                          AND calls >= :calls AND milliseconds / calls > :limit
                        ORDER BY milliseconds DESC LIMIT :max""")
                .bind("database", database.text())
                .bind("calls", SLOW_CALLS_MIN)
                .bind("limit", limit.toMillis())
                .bind("max", max)
                .map(row -> new SlowStatement(
                        row.getColumn(1, Long.class),
                        row.getColumn(2, String.class),
                        row.getColumn(3, Long.class),
                        row.getColumn(4, Double.class)))
                .list());
    }

    /// Forgets days that are old, and texts that no day names. Call it once a day or so.
    public void forgetOld() {
        jdbi.useHandle(handle -> {
            handle.execute(
                    "DELETE FROM pgcharter.statement_day WHERE day < (clock_timestamp() AT TIME ZONE 'UTC')::date - ?",
                    DAYS_KEPT);
            handle.execute("""
                    DELETE FROM pgcharter.statement s WHERE seen_on < (clock_timestamp() AT TIME ZONE 'UTC')::date - ?
                      AND NOT EXISTS (
                        SELECT FROM pgcharter.statement_day d WHERE d.database = s.database AND d.id = s.id)""", DAYS_KEPT);
        });
    }
}
