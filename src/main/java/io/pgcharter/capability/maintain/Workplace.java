package io.pgcharter.capability.maintain;

import io.pgcharter.model.operation.Report.MaintainRow;
import io.pgcharter.model.operation.Report.Upkeep;
import io.pgcharter.model.operation.Run;
import io.pgcharter.model.problem.Problem;
import io.pgcharter.model.problem.ProblemCode;
import io.pgcharter.model.problem.ProblemException;
import io.pgcharter.platform.postgres.Attended;
import io.pgcharter.platform.postgres.LockWait;
import io.pgcharter.platform.postgres.PostgresUrl;
import io.pgcharter.platform.postgres.Session;
import io.pgcharter.platform.postgres.Session.Row;
import io.pgcharter.policy.charter.MaintenancePlan;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/// Where maintenance is done: one session that works, one that looks on, and the rows of the report. Jobs that meet
/// a lock are tried again after the others. Used by one thread.
final class Workplace implements AutoCloseable {
    private static final Set<String> GONE = Set.of("42P01", "42704");

    private static final String BOUNDED = "set statement_timeout = '30s'";

    private final Session worker;
    private final Session onlooker;
    private final MaintenancePlan.Plan plan;
    private final Run run;
    private final InstantSource clock;
    private final boolean beganInWindow;
    private final List<MaintainRow> rows = new ArrayList<>();
    private final List<String> notes = new ArrayList<>();

    private Workplace(Session worker, Session onlooker, MaintenancePlan.Plan plan, Run run, InstantSource clock) {
        this.worker = worker;
        this.onlooker = onlooker;
        this.plan = plan;
        this.run = run;
        this.clock = clock;
        this.beganInWindow = isWindowOpen();
    }

    /// @throws ProblemException `STATEMENT_FAILED` if the server is a standby
    static Workplace open(PostgresUrl url, MaintenancePlan.Plan plan, Run run, InstantSource clock) {
        Session worker = Session.open(url, "maintain");
        try {
            worker.execute("set statement_timeout = 0; set search_path = ''; set datestyle = 'ISO'");
            lockTimeout(worker, plan.waiting().lockTimeout());
            worker.endWithClient();
            if (worker.query("select pg_catalog.pg_is_in_recovery()").getFirst().bool(0)) {
                throw new ProblemException(
                        ProblemCode.STATEMENT_FAILED,
                        "'" + url.server() + "' is a standby",
                        "a standby takes over what is maintained on its primary",
                        "name the primary in the charter");
            }
            Session onlooker = Session.open(url, "maintain");
            onlooker.execute(BOUNDED + "; set lock_timeout = '2s'; set search_path = ''");
            onlooker.endWithClient();
            return new Workplace(worker, onlooker, plan, run, clock);
        } catch (ProblemException e) {
            worker.close();
            throw e;
        }
    }

    MaintenancePlan.Plan plan() {
        return plan;
    }

    Run run() {
        return run;
    }

    InstantSource clock() {
        return clock;
    }

    int serverMajor() {
        return worker.serverMajor();
    }

    List<MaintainRow> rows() {
        return rows;
    }

    List<String> notes() {
        return notes;
    }

    void note(String text) {
        notes.add(text);
    }

    void row(String subject, Upkeep outcome, String need, String result) {
        rows.add(new MaintainRow(subject, outcome, need, result));
    }

    /// Asks on the session that looks on; bounded to 30 seconds.
    List<Row> query(String sql, @Nullable String... parameters) {
        return onlooker.query(sql, parameters);
    }

    void lockTimeout(Duration limit) {
        lockTimeout(worker, limit);
    }

    void settings(String sql) {
        worker.execute(sql);
    }

    private static void lockTimeout(Session session, Duration limit) {
        session.execute("set lock_timeout = " + limit.toMillis());
    }

    /// One piece of work.
    ///
    /// @param oids tables whose locks it needs, to say who holds them
    record Job(String subject, String need, List<Long> oids, Attempt attempt) {}

    /// Does it, or throws what the server said.
    @FunctionalInterface
    interface Attempt {
        Result make();
    }

    /// What an attempt came to, as the report says it.
    record Result(Upkeep outcome, String text) {
        static Result done(String text) {
            return new Result(Upkeep.DONE, text);
        }

        /// Somebody is in the way who will go by himself; the attempt may be made again.
        static Result later(String text) {
            return new Result(Upkeep.GIVEN_UP, text);
        }

        /// Something is in the way that a person has to see to.
        static Result failed(String text) {
            return new Result(Upkeep.FAILED, text);
        }
    }

    /// Carries out the jobs in their order; those that somebody was in the way of again after the others, as often
    /// as the charter says. Whatever becomes of a job stands in the report.
    void carryOut(List<Job> jobs) {
        List<Job> left = jobs;
        for (int attempt = 1; !left.isEmpty(); attempt++) {
            List<Job> again = new ArrayList<>();
            for (Job job : left) {
                run.check();
                Optional<Result> result = beganInWindow && !isWindowOpen()
                        ? Optional.of(new Result(Upkeep.GIVEN_UP, "the window closed before its turn came"))
                        : attempt(job);
                boolean isLater =
                        result.filter(made -> made.outcome() == Upkeep.GIVEN_UP).isPresent();
                if (isLater && attempt < plan.waiting().attempts()) {
                    again.add(job);
                } else {
                    result.ifPresent(made -> row(job.subject(), made.outcome(), job.need(), made.text()));
                }
            }
            left = again;
        }
    }

    /// @return empty if what it was about is gone
    private Optional<Result> attempt(Job job) {
        try {
            return Optional.of(job.attempt().make());
        } catch (ProblemException e) {
            Problem problem = e.problem();
            String state = Session.sqlState(problem).orElse("");
            if (LockWait.isIn(problem)) {
                return Optional.of(Result.later("its lock was not free"
                        + holder(job.oids()).map(who -> ": " + who).orElse("")));
            }
            boolean ofServer = !state.isEmpty() && !state.startsWith("57P") && !state.startsWith("08");
            if (!ofServer || problem.code() == ProblemCode.STORAGE_FULL || problem.code() == ProblemCode.CANCELLED) {
                throw e;
            }
            return GONE.contains(state) ? Optional.empty() : Optional.of(Result.failed(problem.cause()));
        }
    }

    private boolean isWindowOpen() {
        return plan.window().map(window -> window.contains(clock.instant())).orElse(true);
    }

    /// Who has held a lock on one of the tables for longest.
    Optional<String> holder(List<Long> oids) {
        return longestTransaction("exists (select from pg_catalog.pg_locks l where l.pid = a.pid and l.granted"
                + " and l.relation = any('{"
                + String.join(",", oids.stream().map(String::valueOf).toList())
                + "}'::oid[]))");
    }

    /// Who has held a snapshot in this database for longer than the charter's patience.
    Optional<String> lastingSnapshot() {
        return longestTransaction("a.datname = pg_catalog.current_database() and a.backend_xmin is not null"
                + " and a.xact_start < pg_catalog.clock_timestamp() - " + patience());
    }

    /// Who has held a lock on one of the tables for longer than the charter's patience.
    Optional<String> lastingHolder(long oid) {
        return longestTransaction("exists (select from pg_catalog.pg_locks l where l.pid = a.pid and l.granted"
                + " and l.relation = " + oid + ") and a.xact_start < pg_catalog.clock_timestamp() - " + patience());
    }

    private String patience() {
        return "interval '" + plan.waiting().patience().toMillis() + " milliseconds'";
    }

    private Optional<String> longestTransaction(String condition) {
        List<Row> found = query(
                """
                select a.pid, coalesce(a.usename::text, a.backend_type, '?'), coalesce(nullif(a.application_name, ''), '?'),
                  coalesce(a.state, '?'), extract(epoch from pg_catalog.clock_timestamp() - a.xact_start)::bigint
                from pg_catalog.pg_stat_activity a
                where a.pid not in ($1::int, $2::int) and %s
                order by a.xact_start nulls last limit 1""".formatted(condition), Integer.toString(worker.processId()), Integer.toString(onlooker.processId()));
        return found.stream()
                .findFirst()
                .map(row -> "process " + row.number(0) + " of " + row.string(1) + " (" + row.string(2) + ", "
                        + row.string(3) + ")"
                        + (row.text(4) == null ? "" : ", whose transaction began " + row.number(4) + " s ago"));
    }

    /// Runs a statement on the session that works, under a step of the run.
    ///
    /// @param total bytes that `progress` counts up to; 0 if nobody knows
    void execute(String step, long total, Progress progress, String sql) {
        try (Run.Step shown = run.begin(step, total, Run.Unit.BYTES)) {
            AtomicLong told = new AtomicLong();
            watched(
                    worker,
                    () -> {
                        worker.execute(sql);
                        return true;
                    },
                    () -> {
                        long before = told.get();
                        long done = Math.clamp(progress.bytesDone(this), before, Math.max(before, total));
                        shown.add(done - before);
                        told.set(done);
                    });
        }
    }

    /// Asks what may take long on the session that looks on.
    List<Row> measure(String sql, String... parameters) {
        onlooker.execute("set statement_timeout = 0");
        List<Row> rows = watched(onlooker, () -> onlooker.query(sql, parameters), () -> {});
        onlooker.execute(BOUNDED);
        return rows;
    }

    /// Waits for a statement. A run that is to stop cancels it on the server and waits until it has ended there.
    private <T> T watched(Session session, Callable<T> statement, Runnable meanwhile) {
        return Attended.call(session, statement, () -> {
            run.check();
            meanwhile.run();
        });
    }

    void execute(String step, String sql) {
        execute(step, 0, _ -> 0, sql);
    }

    /// How far the statement is that the working session runs.
    @FunctionalInterface
    interface Progress {
        long bytesDone(Workplace place);
    }

    /// The bytes a progress view of the server says are done: `view` has a column `pid` and the one named.
    static Progress blocksOf(String view, String column) {
        return place -> {
            try {
                return place.query(
                                "select coalesce(max(%s), 0) * pg_catalog.current_setting('block_size')::bigint"
                                                .formatted(column)
                                        + " from pg_catalog." + view + " where pid = $1::int",
                                Integer.toString(place.worker.processId()))
                        .getFirst()
                        .number(0);
            } catch (ProblemException unknown) {
                // Progress is a service; the work goes on without.
                return 0;
            }
        };
    }

    @Override
    public void close() {
        worker.close();
        onlooker.close();
    }
}
