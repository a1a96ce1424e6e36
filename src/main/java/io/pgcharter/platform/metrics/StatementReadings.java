package io.pgcharter.platform.metrics;

import io.pgcharter.model.id.DatabaseName;
import io.pgcharter.platform.state.State;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.Collection;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jdbi.v3.core.Jdbi;

/// What statements cost from one reading of `pg_stat_statements` to the next, for three hours, in the control
/// database: so that the time up to an instant can be told from the time after it. Thread-safe.
public final class StatementReadings {
    static final int HOURS_KEPT = 3;

    private static final String WITHIN = """
            WHERE database = :database AND at <= :until AND at - make_interval(secs => seconds) >= :from""";

    private final Jdbi jdbi;

    public StatementReadings(State state) {
        this.jdbi = state.jdbi();
    }

    /// What statements cost in some time.
    ///
    /// @param covered how much of that time is known
    /// @param costs by id, their rows not counted; what is not in it was not executed, or not among those on which
    ///     most time was spent
    public record Spent(Duration covered, Map<Long, StatementCost> costs) {
        public Spent {
            costs = Map.copyOf(costs);
        }
    }

    /// Keeps what was executed in the time up to now.
    ///
    /// @param lasting so long; nothing is kept if it is zero
    public void keep(DatabaseName database, Collection<StatementCost> costs, Duration lasting) {
        if (lasting.isZero()) {
            return;
        }
        jdbi.useTransaction(handle -> {
            handle.createUpdate("""
                            DELETE FROM pgcharter.statement_reading
                            WHERE database = :database AND at < clock_timestamp() - make_interval(hours => :hours)""")
                    .bind("database", database.text())
                    .bind("hours", HOURS_KEPT)
                    .execute();
            CostColumns.update(handle, """
                            INSERT INTO pgcharter.statement_reading (database, at, seconds, id, calls, milliseconds)
                            VALUES (:database, clock_timestamp(), :seconds, :ids, :calls, :milliseconds)""", costs)
                    .bind("database", database.text())
                    .bind("seconds", lasting.toNanos() / 1e9)
                    .execute();
        });
    }

    /// What was executed within these times, as far as whole readings tell.
    public Spent between(DatabaseName database, Instant from, Instant until) {
        return jdbi.withHandle(handle -> {
            double covered = handle.createQuery(
                            "SELECT coalesce(sum(seconds), 0) FROM pgcharter.statement_reading " + WITHIN)
                    .bindMap(times(database, from, until))
                    .mapTo(Double.class)
                    .one();
            Map<Long, StatementCost> costs = handle.createQuery("""
                            SELECT one.id, sum(one.calls)::bigint, sum(one.milliseconds)
                            FROM pgcharter.statement_reading r,
                              unnest(r.id, r.calls, r.milliseconds) AS one (id, calls, milliseconds)
                            <within> GROUP BY one.id""".replace("<within>", WITHIN))
                    .bindMap(times(database, from, until))
                    .map(row -> new StatementCost(
                            row.getColumn(1, Long.class),
                            row.getColumn(2, Long.class),
                            row.getColumn(3, Double.class),
                            0))
                    .collect(Collectors.toMap(StatementCost::id, Function.identity()));
            return new Spent(Duration.ofMillis(Math.round(covered * 1000)), costs);
        });
    }

    private static Map<String, Object> times(DatabaseName database, Instant from, Instant until) {
        return Map.of(
                "database",
                database.text(),
                "from",
                from.atOffset(ZoneOffset.UTC),
                "until",
                until.atOffset(ZoneOffset.UTC));
    }

    /// Forgets what is old of databases that nobody reads any more. Call it once a day or so.
    public void forgetOld() {
        jdbi.useHandle(handle -> handle.execute(
                "DELETE FROM pgcharter.statement_reading WHERE at < clock_timestamp() - make_interval(hours => ?)",
                HOURS_KEPT));
    }
}
