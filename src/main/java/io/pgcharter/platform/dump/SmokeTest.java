package io.pgcharter.platform.dump;

import io.pgcharter.model.operation.Report;
import io.pgcharter.model.operation.Run;
import io.pgcharter.model.operation.Run.Unit;
import io.pgcharter.model.problem.ProblemCode;
import io.pgcharter.model.problem.ProblemException;
import io.pgcharter.platform.postgres.PostgresUrl;
import io.pgcharter.platform.postgres.Session;
import io.pgcharter.platform.postgres.Session.Row;
import java.util.ArrayList;
import java.util.List;

/// Asks the charter's smoke queries: each must answer with one row whose first column is true.
public final class SmokeTest {
    /// The longest a query may take.
    private static final String TIMEOUT = "5min";

    private final PostgresUrl url;
    private final String where;

    /// @param where as a problem says it: `on the restored copy`
    public SmokeTest(PostgresUrl url, String where) {
        this.url = url;
        this.where = where;
    }

    /// @throws ProblemException `SMOKE_FAILED` naming the first query that does not hold
    public List<Report.SmokeAnswer> run(List<String> queries, Run run) {
        if (queries.isEmpty()) {
            return List.of();
        }
        List<Report.SmokeAnswer> answers = new ArrayList<>();
        try (Session session = Session.open(url, "smoke");
                Run.Step step = run.begin("asking smoke queries", queries.size(), Unit.ITEMS)) {
            session.execute("SET statement_timeout = '" + TIMEOUT + "'; SET default_transaction_read_only = on");
            for (String query : queries) {
                run.check();
                answers.add(new Report.SmokeAnswer(query, ask(session, query)));
                step.add(1);
            }
        }
        return answers;
    }

    private String ask(Session session, String query) {
        List<Row> rows;
        try {
            rows = session.query(query);
        } catch (ProblemException e) {
            throw failed(query, e.problem().cause());
        }
        String answer = rows.size() == 1 ? String.valueOf(rows.getFirst().text(0)) : rows.size() + " rows";
        if (!answer.equals("t")) {
            throw failed(query, "it answered " + (answer.equals("f") ? "false" : answer) + " instead of true");
        }
        return "true";
    }

    private ProblemException failed(String query, String cause) {
        return new ProblemException(
                ProblemCode.SMOKE_FAILED,
                "the smoke query '" + query + "' did not hold " + where,
                cause,
                "look at the data in the source; correct the query in the charter if it is the query that is wrong");
    }
}
