package io.pgcharter.capability.queries;

import io.pgcharter.model.problem.ProblemException;
import io.pgcharter.platform.metrics.StatementText;
import io.pgcharter.platform.postgres.Session;
import io.pgcharter.platform.postgres.SqlScript;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/// How the server would carry out a statement, whatever the values: the generic plan, by
/// [EXPLAIN](https://www.postgresql.org/docs/current/sql-explain.html). Nothing is executed: never with ANALYZE, in
/// a read-only transaction that is rolled back, within 2 s, waiting for no lock longer than 200 ms.
sealed interface SamplePlan {
    /// @param text as EXPLAIN prints it, with `$1` for values
    record Shown(String text) implements SamplePlan {}

    record Missing(String reason) implements SamplePlan {}

    Set<String> EXPLAINED = Set.of("select", "insert", "update", "delete");
    Pattern PARAMETER = Pattern.compile("\\$(\\d{1,4})");

    /// @param raw the statement as `pg_stat_statements` has it
    static SamplePlan of(Session session, String raw) {
        String first = raw.strip().split("[^A-Za-z]", 2)[0].toLowerCase(Locale.ROOT);
        List<SqlScript.Statement> statements = SqlScript.statements(raw);
        if (!EXPLAINED.contains(first) || statements.size() != 1) {
            return new Missing("no single SELECT, INSERT, UPDATE or DELETE");
        }
        if (count(StatementText.withoutValues(raw), '?') > count(raw, '?')) {
            return new Missing("the server's text of it still holds values");
        }
        String statement = statements.getFirst().text().replaceAll(";$", "");
        if (statement.contains(";")) {
            return new Missing("no single SELECT, INSERT, UPDATE or DELETE");
        }
        session.execute("begin read only; set local statement_timeout = 2000; set local lock_timeout = 200");
        try {
            return new Shown(
                    session.serverMajor() >= 16
                            // The simple protocol, for the extended one would want values. That it is one statement is
                            // seen to above.
                            ? text(session.queryAll("explain (generic_plan) " + statement))
                            : prepared(session, statement));
        } catch (ProblemException refused) {
            return new Missing("EXPLAIN failed: "
                    + refused.problem().cause().replaceAll("\\s+", " ").strip());
        } finally {
            session.execute("rollback");
        }
    }

    /// Before 16: a prepared statement, planned without looking at values. Its name is gone with it.
    private static String prepared(Session session, String statement) {
        int parameters = PARAMETER
                .matcher(statement)
                .results()
                .map(MatchResult::group)
                .mapToInt(name -> Integer.parseInt(name.substring(1)))
                .max()
                .orElse(0);
        session.execute("set local plan_cache_mode = force_generic_plan");
        // The extended protocol takes one statement only, so nothing can hide behind this one.
        session.query("prepare pgcharter_plan as " + statement);
        try {
            String values = String.join(", ", Collections.nCopies(parameters, "null"));
            return text(session.query("explain execute pgcharter_plan" + (parameters == 0 ? "" : "(" + values + ")")));
        } finally {
            session.execute("rollback; begin read only; deallocate pgcharter_plan");
        }
    }

    private static String text(List<Session.Row> rows) {
        return rows.stream().map(row -> row.string(0)).collect(Collectors.joining("\n"));
    }

    private static long count(String text, char wanted) {
        return text.chars().filter(found -> found == wanted).count();
    }
}
