package io.pgcharter.capability.migrate;

import io.pgcharter.model.id.DatabaseName;
import io.pgcharter.model.operation.Run;
import io.pgcharter.model.problem.ProblemCode;
import io.pgcharter.model.problem.ProblemException;
import io.pgcharter.platform.postgres.Attended;
import io.pgcharter.platform.postgres.LockWait;
import io.pgcharter.platform.postgres.PostgresUrl;
import io.pgcharter.platform.postgres.Quoting;
import io.pgcharter.platform.postgres.Session;
import io.pgcharter.platform.postgres.Session.Row;
import io.pgcharter.policy.charter.MigrationPlan.Migrations;
import io.pgcharter.policy.migration.Ledger.Entry;
import io.pgcharter.policy.migration.Passage.Step;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;
import java.util.stream.Collectors;

/// Where migrations are carried out: a session that works and holds the tool's advisory lock, and one that
/// keeps the books and looks on. The lock is of the session that works, so it stays for as long as the server works
/// on its statement, even if the connection is lost. Used by one thread.
final class Site implements AutoCloseable {
    /// As long as Prisma waits for it.
    static final Duration LOCK_WAIT = Duration.ofSeconds(10);

    /// How long a statement that makes nobody wait, such as CREATE INDEX CONCURRENTLY, waits for
    /// older transactions.
    static final Duration ONLINE_WAIT = Duration.ofMinutes(15);

    private static final Duration LOOK_AGAIN = Duration.ofMillis(200);
    private static final int NOTES_MAX = 100;

    private final Ground ground;
    private final Session worker;
    private final Session clerk;
    private final String searchPath;
    private final List<String> notes = new ArrayList<>();
    private String blockers = "nobody was seen to hold it";

    private Site(Ground ground, Session worker, Session clerk) {
        this.ground = ground;
        this.worker = worker;
        this.clerk = clerk;
        this.searchPath = ground.history()
                .searchPath(worker.query("select pg_catalog.current_setting('search_path')")
                        .getFirst()
                        .string(0));
    }

    /// Connects and takes the lock.
    ///
    /// @throws ProblemException `TARGET_BUSY` if somebody else has it for longer than [#LOCK_WAIT]
    static Site open(PostgresUrl url, Ground ground, Run run) {
        Session worker = Session.open(url, "migrate");
        try {
            requirePrimary(worker, url);
            Session clerk = reader(url);
            try {
                Site site = new Site(ground, worker, clerk);
                site.lock(run);
                return site;
            } catch (ProblemException e) {
                clerk.close();
                throw e;
            }
        } catch (ProblemException e) {
            worker.close();
            throw e;
        }
    }

    /// A session that reads and writes rows of the history, nothing that takes long.
    static Session reader(PostgresUrl url) {
        Session session = Session.open(url, "migrate");
        session.execute("set statement_timeout = '30s'; set lock_timeout = '10s'; set datestyle = 'ISO'");
        return session;
    }

    private static void requirePrimary(Session session, PostgresUrl url) {
        if (session.query("select pg_catalog.pg_is_in_recovery()").getFirst().bool(0)) {
            throw new ProblemException(
                    ProblemCode.STATEMENT_FAILED,
                    "'" + url.server() + "' is a standby",
                    "a standby takes over what is migrated on its primary",
                    "name the primary in the charter");
        }
    }

    /// Tries again and again, for a statement that waited for it would hold a snapshot, and a CREATE INDEX
    /// CONCURRENTLY of the one who has it would wait for that.
    private void lock(Run run) {
        String key = Long.toString(ground.history().lock());
        long end = System.nanoTime() + LOCK_WAIT.toNanos();
        while (!worker.query("select pg_catalog.pg_try_advisory_lock($1::bigint)", key)
                .getFirst()
                .bool(0)) {
            if (System.nanoTime() > end) {
                throw new ProblemException(
                        ProblemCode.TARGET_BUSY,
                        "somebody else migrates '" + ground.database() + "'",
                        "the advisory lock " + key + " of " + ground.history().tableName() + " was taken for "
                                + LOCK_WAIT.toSeconds() + " s" + holder(key),
                        "wait until they have ended; pgcharter sessions list " + ground.database() + " shows them");
            }
            LockWait.pause(LOOK_AGAIN, run::check);
        }
    }

    private String holder(String key) {
        return clerk
                .query(
                        "select l.pid, a.usename, a.application_name from pg_catalog.pg_locks l"
                                + " left join pg_catalog.pg_stat_activity a using (pid) where l.locktype = 'advisory' and l.granted"
                                + " and (l.classid::bigint << 32) | l.objid::bigint = $1::bigint and l.objsubid = 1"
                                + " and l.database = (select oid from pg_catalog.pg_database"
                                + " where datname = pg_catalog.current_database())",
                        key)
                .stream()
                .map(row -> " by process " + row.string(0) + " (" + row.text(1) + ", " + row.text(2) + ")")
                .collect(Collectors.joining());
    }

    DatabaseName database() {
        return ground.database();
    }

    Session worker() {
        return worker;
    }

    Session clerk() {
        return clerk;
    }

    List<String> notes() {
        return List.copyOf(notes);
    }

    /// Who kept the last statement waiting, as far as it was seen.
    String blockers() {
        return blockers;
    }

    /// Gives the working session the settings that every migration begins with, whatever the one before it left.
    void prepare() {
        Migrations plan = ground.plan();
        worker.execute("reset session authorization; reset role; reset all");
        worker.endWithClient();
        worker.execute("set search_path = " + searchPath);
        worker.execute("set statement_timeout = "
                + plan.statementTimeout().map(Duration::toMillis).orElse(0L));
        lockTimeout(plan.lockTimeout());
    }

    private void lockTimeout(Duration limit) {
        worker.execute("set lock_timeout = " + limit.toMillis());
    }

    /// Within the transaction: what the migration made of the session's role is over.
    void asOneself() {
        worker.execute("reset session authorization; reset role");
    }

    /// Runs a statement of a file that is carried out statement by statement.
    void work(Step step, Run run) {
        if (!step.isOnline()) {
            work(step.sql(), run);
            return;
        }
        String own = worker.query("select pg_catalog.current_setting('lock_timeout')")
                .getFirst()
                .string(0);
        lockTimeout(ONLINE_WAIT);
        work(step.sql(), run);
        worker.execute("set lock_timeout = " + Quoting.literal(own));
    }

    /// Runs a statement; a run that is to stop cancels it.
    void work(String sql, Run run) {
        Attended.execute(worker, sql, () -> {
            run.check();
            // Whoever holds a lock is told if it is known; that it is not stops no migration.
            note(this::look);
        });
        worker.notices().stream().limit(NOTES_MAX - notes.size()).forEach(notes::add);
    }

    private void look() {
        List<Row> rows = clerk.query("""
                select a.pid, a.usename, a.application_name, a.state,
                  extract(epoch from pg_catalog.clock_timestamp() - a.xact_start)::bigint
                from pg_catalog.unnest(pg_catalog.pg_blocking_pids($1::int)) b join pg_catalog.pg_stat_activity a on a.pid = b
                order by a.xact_start nulls last limit 3""", Integer.toString(worker.processId()));
        if (!rows.isEmpty()) {
            blockers = rows.stream()
                    .map(row -> "process " + row.string(0) + " of " + row.text(1) + " (" + row.text(2) + ", "
                            + row.text(3) + ")"
                            + (row.text(4) == null ? "" : ", whose transaction began " + row.text(4) + " s before"))
                    .collect(Collectors.joining("; ", "it was held by ", ""));
        }
    }

    /// Ends the transaction that a failed statement is in, if the connection is still there.
    void rollBack() {
        orElse(
                () -> {
                    worker.execute("rollback");
                    return "";
                },
                "");
    }

    /// Writes something down if it can be written: whoever calls has a failure to tell already.
    void note(Runnable writing) {
        orElse(
                () -> {
                    writing.run();
                    return "";
                },
                "");
    }

    String orElse(Supplier<String> asking, String otherwise) {
        try {
            return asking.get();
        } catch (ProblemException | IllegalStateException alreadyBroken) {
            // The failure that is being told is the first one.
            return otherwise;
        }
    }

    /// Whether the history has a row of it now that keeps others from being carried out.
    boolean ledgerSays(String name) {
        return !orElse(
                        () -> ground.ledger(clerk).divergences().stream()
                                .map(Entry::name)
                                .filter(name::equals)
                                .collect(Collectors.joining()),
                        "")
                .isEmpty();
    }

    @Override
    public void close() {
        worker.close();
        clerk.close();
    }
}
