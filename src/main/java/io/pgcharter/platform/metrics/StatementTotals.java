package io.pgcharter.platform.metrics;

import io.pgcharter.model.problem.ProblemCode;
import io.pgcharter.model.problem.ProblemException;
import io.pgcharter.platform.postgres.Session;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/// What `pg_stat_statements` of a database says now, since it was reset last.
///
/// @param trouble why there is nothing to see, and what to do; empty if there is
/// @param statements those on which most time was spent, the worst first
/// @param milliseconds spent on all statements
public record StatementTotals(
        Optional<String> trouble, Optional<Instant> since, List<Line> statements, double milliseconds) {
    private static final int STATEMENTS_MAX = 500;

    public StatementTotals {
        statements = List.copyOf(statements);
    }

    /// @param raw the text as the server has it: not to be shown, it may hold values
    public record Line(StatementCost cost, double maxMilliseconds, String raw) {
        public String text() {
            return StatementText.withoutValues(raw);
        }
    }

    public static StatementTotals read(Session session) {
        return read(session, "sum(total_exec_time)");
    }

    /// As [#read], but the statements called most often, the busiest first.
    public static StatementTotals mostCalled(Session session) {
        return read(session, "sum(calls)");
    }

    private static StatementTotals read(Session session, String order) {
        String view = StatementMeter.view(session);
        if (view.isEmpty()) {
            return nothing(missing(session));
        }
        try {
            List<Line> lines = session
                    .queryAll(ServerQuery.LIMITS
                            + """
                            select queryid, sum(calls)::bigint, sum(total_exec_time), sum(rows)::bigint,
                              max(max_exec_time), min(query), (sum(sum(total_exec_time)) over ())
                            from <view>(true)
                            where dbid = (select oid from pg_catalog.pg_database where datname = pg_catalog.current_database())
                              and toplevel and queryid is not null
                            group by queryid order by <order> desc limit <max>""".replace("<view>", view)
                                    .replace("<order>", order)
                                    .replace("<max>", Integer.toString(STATEMENTS_MAX)))
                    .stream()
                    .map(row -> new Line(
                            new StatementCost(
                                    row.number(0), row.number(1), Double.parseDouble(row.string(2)), row.number(3)),
                            Double.parseDouble(row.string(4)),
                            Optional.ofNullable(row.text(5)).orElse("")))
                    .toList();
            double all = lines.stream()
                    .mapToDouble(line -> line.cost().milliseconds())
                    .sum();
            return new StatementTotals(Optional.empty(), since(session, view), lines, all);
        } catch (ProblemException refused) {
            if (refused.problem().code() == ProblemCode.STATEMENT_FAILED) {
                return nothing(refused.problem().cause().replaceAll("\\s+", " ")
                        + "; set shared_preload_libraries = 'pg_stat_statements' and restart the server,"
                        + " or alter extension pg_stat_statements update");
            }
            throw refused;
        }
    }

    private static StatementTotals nothing(String trouble) {
        return new StatementTotals(Optional.of(trouble), Optional.empty(), List.of(), 0);
    }

    private static String missing(Session session) {
        boolean isThere = session.query("select 1 from pg_catalog.pg_extension where extname = 'pg_stat_statements'")
                        .size()
                == 1;
        return isThere
                ? "the role may not see all statements; grant pg_read_all_stats to it, or pg_monitor, and usage of the"
                        + " extension's schema"
                : "the extension pg_stat_statements is missing; set shared_preload_libraries = 'pg_stat_statements',"
                        + " restart the server, then: create extension pg_stat_statements";
    }

    private static Optional<Instant> since(Session session, String view) {
        return session.query("select extract(epoch from stats_reset)::bigint from " + view + "_info").stream()
                .findFirst()
                .map(row -> Instant.ofEpochSecond(row.number(0)));
    }
}
