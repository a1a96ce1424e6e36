package io.pgcharter.capability.advice;

import io.pgcharter.model.problem.ProblemCode;
import io.pgcharter.model.problem.ProblemException;
import io.pgcharter.platform.postgres.Quoting;
import io.pgcharter.platform.postgres.Session;
import io.pgcharter.platform.postgres.Session.Row;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/// Asks the planner what it would make of an index, where the extension hypopg is installed: the cost of looking rows
/// up by the index's columns, without it and with it.
///
/// The statement that is planned is our own, never one of the application's: planning runs functions that a statement
/// names, with our privileges.
final class Trial {
    private final Session session;
    private final Optional<String> schema;

    Trial(Session session) {
        this.session = session;
        this.schema = session.query("""
                        select n.nspname from pg_catalog.pg_extension e
                        join pg_catalog.pg_namespace n on n.oid = e.extnamespace where e.extname = 'hypopg'""").stream().map(row -> row.string(0)).findFirst();
    }

    boolean isPossible() {
        return schema.isPresent();
    }

    String note() {
        return isPossible()
                ? "indexes were tried with hypopg: costs are the planner's"
                : "hypopg is not installed in this database, so indexes are judged by statistics alone:"
                        + " CREATE EXTENSION hypopg, where the server has it";
    }

    /// @param bytes what the planner thinks the index would take
    record Costs(double before, double after, long bytes) {
        boolean isWorthIt() {
            return after * 2 < before;
        }

        String text() {
            return String.format(
                    Locale.ROOT,
                    "the planner's cost of looking rows up by it falls from %,.0f to %,.0f (hypopg)",
                    before,
                    after);
        }
    }

    /// Empty if the planner cannot be asked about these columns.
    ///
    /// @param table in quotes, with its schema
    /// @param columns without quotes; all are compared for equality
    Optional<Costs> of(String table, List<String> columns) {
        if (schema.isEmpty()) {
            return Optional.empty();
        }
        String hypopg = Quoting.identifier(schema.get());
        String list = columns.stream().map(Quoting::identifier).collect(Collectors.joining(", "));
        try {
            double before = cost(table, columns);
            List<Row> made = session.query(
                    "select indexrelid, " + hypopg + ".hypopg_relation_size(indexrelid) from " + hypopg
                            + ".hypopg_create_index($1)",
                    "create index on " + table + " (" + list + ")");
            try {
                return Optional.of(
                        new Costs(before, cost(table, columns), made.getFirst().number(1)));
            } finally {
                session.query("select " + hypopg + ".hypopg_reset()");
            }
        } catch (ProblemException e) {
            if (e.problem().code() == ProblemCode.SERVER_UNREACHABLE) {
                throw e;
            }
            // A column's type has no equality, the table is locked or gone, or the role may not read it.
            return Optional.empty();
        }
    }

    private double cost(String table, List<String> columns) {
        // A parameter nobody knows the value of: the planner uses the average of all values, and folds nothing.
        String conditions = IntStream.range(0, columns.size())
                .mapToObj(index -> Quoting.identifier(columns.get(index)) + " operator(pg_catalog.=) (select "
                        + Quoting.identifier(columns.get(index)) + " from " + table + " limit 0)")
                .collect(Collectors.joining(" and "));
        String plan = session.query("explain select * from " + table + " where " + conditions)
                .getFirst()
                .string(0);
        // `Seq Scan on …  (cost=0.00..1693.00 rows=5 width=8)`
        int from = plan.indexOf("..", plan.indexOf("(cost=")) + 2;
        return Double.parseDouble(plan.substring(from, plan.indexOf(' ', from)));
    }
}
