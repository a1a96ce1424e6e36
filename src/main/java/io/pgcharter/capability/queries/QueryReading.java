package io.pgcharter.capability.queries;

import io.pgcharter.model.id.DatabaseName;
import io.pgcharter.model.operation.Operation;
import io.pgcharter.model.operation.Report;
import io.pgcharter.model.operation.Run;
import io.pgcharter.model.problem.ProblemException;
import io.pgcharter.platform.metrics.StatementHistory;
import io.pgcharter.platform.metrics.StatementHistory.Regression;
import io.pgcharter.platform.metrics.StatementTotals;
import io.pgcharter.platform.metrics.StatementTotals.Line;
import io.pgcharter.platform.postgres.PostgresUrl;
import io.pgcharter.platform.postgres.Session;
import io.pgcharter.platform.secret.Secrets;
import io.pgcharter.platform.state.State;
import io.pgcharter.policy.charter.Charter;
import io.pgcharter.policy.guard.Permit;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;

/// Reads which statements cost a database most. What they cost is asked of its server now; whether they have become
/// slower is known from the days the watch has kept. Thread-safe.
public final class QueryReading {
    private static final int SHOWN_MAX = 10;

    /// A mean that has grown by half, over at least so many calls before and since.
    private static final double SLOWER_FACTOR = 1.5;

    private static final long SLOWER_CALLS = 20;
    private static final Duration SILENCE_MAX = Duration.ofSeconds(10);

    private final Charter charter;
    private final Secrets secrets;
    private final StatementHistory history;

    public QueryReading(Charter charter, Secrets secrets, State state) {
        this.charter = charter;
        this.secrets = secrets;
        this.history = new StatementHistory(state);
    }

    /// A server without `pg_stat_statements` is a report that says how to get it.
    ///
    /// @throws ProblemException `SERVER_UNREACHABLE` and the like
    public Report.Queries run(Permit permit, Operation.Queries operation, Run run) {
        permit.consume(operation);
        DatabaseName name = operation.database();
        PostgresUrl url =
                PostgresUrl.parse(secrets.resolve(charter.database(name).url()));
        double slow = charter.serving().watch().slowQuery().toMillis();
        try (Session session = Session.open(url, "queries")) {
            session.limitSilence(SILENCE_MAX);
            StatementTotals totals = StatementTotals.read(session);
            run.check();
            List<Line> top = totals.statements().stream().limit(SHOWN_MAX).toList();
            List<Line> slowest = totals.statements().stream()
                    .filter(line -> line.cost().meanMilliseconds() > slow)
                    .sorted((one, other) -> Double.compare(
                            other.cost().meanMilliseconds(), one.cost().meanMilliseconds()))
                    .limit(SHOWN_MAX)
                    .toList();
            Map<Long, Line> byId = totals.statements().stream()
                    .collect(Collectors.toMap(line -> line.cost().id(), Function.identity()));
            List<Regression> slower = history.regressions(name, SLOWER_FACTOR, SLOWER_CALLS, SHOWN_MAX);
            return new Report.Queries(
                    name,
                    totals.trouble(),
                    totals.since(),
                    slow,
                    history.days(name),
                    rows(session, top, totals.milliseconds(), run),
                    rows(session, slowest, totals.milliseconds(), run),
                    slower.stream()
                            .map(regression -> slower(
                                    session,
                                    regression,
                                    Optional.ofNullable(
                                            byId.get(regression.last().id()))))
                            .toList());
        }
    }

    private static List<Report.QueryRow> rows(Session session, List<Line> lines, double all, Run run) {
        return lines.stream()
                .map(line -> {
                    run.check();
                    return new Report.QueryRow(
                            Long.toString(line.cost().id()),
                            line.text(),
                            line.cost().calls(),
                            line.cost().milliseconds(),
                            line.cost().meanMilliseconds(),
                            line.maxMilliseconds(),
                            line.cost().rows(),
                            all > 0 ? line.cost().milliseconds() / all : 0,
                            plan(SamplePlan.of(session, line.raw())));
                })
                .toList();
    }

    private static Report.QuerySlower slower(Session session, Regression regression, Optional<Line> now) {
        return new Report.QuerySlower(
                Long.toString(regression.last().id()),
                regression.text(),
                regression.before().meanMilliseconds(),
                regression.before().calls(),
                regression.last().meanMilliseconds(),
                regression.last().calls(),
                plan(now.map(line -> SamplePlan.of(session, line.raw()))
                        .orElseGet(() -> new SamplePlan.Missing("the server has forgotten the statement"))));
    }

    private static Report.QueryPlan plan(SamplePlan plan) {
        return switch (plan) {
            case SamplePlan.Shown(String text) -> new Report.QueryPlan(Optional.of(text), Optional.empty());
            case SamplePlan.Missing(String reason) -> new Report.QueryPlan(Optional.empty(), Optional.of(reason));
        };
    }
}
