package io.pgcharter.capability.rehearse;

import io.pgcharter.model.operation.Run;
import io.pgcharter.platform.history.History;
import io.pgcharter.platform.postgres.Attended;
import io.pgcharter.platform.postgres.PostgresUrl;
import io.pgcharter.platform.postgres.Quoting;
import io.pgcharter.platform.postgres.Session;
import io.pgcharter.platform.postgres.Session.Row;
import io.pgcharter.policy.charter.MigrationPlan.Migrations;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLong;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/// The copy that migrations are carried out on, and the sessions there: one that works and one that keeps the
/// history, both as the database's own role; and a superuser's, which looks on. Used by one thread.
final class Stage implements AutoCloseable {
    /// Servers that are rehearsed on write WAL as a real one does, right after a checkpoint as in the worst case,
    /// and tell of every temporary file.
    static final List<String> SERVER = List.of(
            "wal_level = replica", "full_page_writes = on", "log_temp_files = 0", "max_prepared_transactions = 10");

    private static final Pattern TEMPORARY_FILE = Pattern.compile("temporary file: path \".*\", size (\\d+)");

    /// Rows read and temporary files are told of the session's own process only; so it has no others to help it.
    private static final String ALONE = """
            select pg_catalog.set_config('max_parallel_workers_per_gather', '0', false),
                   pg_catalog.set_config('max_parallel_maintenance_workers', '0', false)""";

    private final Migrations plan;
    private final RealDatabase real;
    private final Run run;
    private final Session worker;
    private final Session clerk;
    private final Session onlooker;
    private final String searchPath;
    private final AtomicLong tempBytes = new AtomicLong();

    private Stage(Migrations plan, RealDatabase real, Run run, Session[] sessions, History history) {
        this.plan = plan;
        this.real = real;
        this.run = run;
        this.worker = sessions[0];
        this.clerk = sessions[1];
        this.onlooker = sessions[2];
        this.searchPath = history.searchPath(real.searchPath());
        worker.hearNotices(this::hear);
    }

    /// @param copy the superuser's URL
    static Stage open(PostgresUrl copy, Migrations plan, RealDatabase real, History history, Run run) {
        Session[] sessions = new Session[3];
        try {
            sessions[2] = Session.open(copy, "rehearse");
            role(sessions[2], real);
            PostgresUrl own = new PostgresUrl(
                    copy.host(), copy.port(), copy.database(), real.role(), Optional.empty(), copy.parameters());
            sessions[0] = Session.open(own, "migrate");
            sessions[1] = Session.open(own, "migrate");
            sessions[1].execute("set datestyle = 'ISO'");
            return new Stage(plan, real, run, sessions, history);
        } catch (RuntimeException e) {
            for (Session session : sessions) {
                if (session != null) {
                    session.close();
                }
            }
            throw e;
        }
    }

    /// Whoever migrates the database does so here, with the same powers: what it makes is its own.
    private static void role(Session superuser, RealDatabase real) {
        String name = Quoting.identifier(real.role());
        if (superuser
                .query("select from pg_catalog.pg_roles where rolname = $1", real.role())
                .isEmpty()) {
            superuser.execute("create role " + name);
        }
        superuser.execute("alter role " + name + " login" + (real.isSuperuser() ? " superuser" : ""));
        for (String group : real.groups()) {
            if (superuser
                            .query("select from pg_catalog.pg_roles where rolname = $1", group)
                            .size()
                    == 1) {
                superuser.execute("grant " + Quoting.identifier(group) + " to " + name);
            }
        }
    }

    Session worker() {
        return worker;
    }

    Session clerk() {
        return clerk;
    }

    Session onlooker() {
        return onlooker;
    }

    /// Has the copy be as a database that has lived: its dead rows are gone, its statistics known.
    void settle() {
        run(onlooker, "vacuum (analyze)");
        run(onlooker, "checkpoint");
    }

    /// The tables that have no rows, by `schema.name`, once it is settled.
    Set<String> emptyTables() {
        return onlooker
                .query("select n.nspname || '.' || c.relname from pg_catalog.pg_class c join pg_catalog.pg_namespace n"
                        + " on n.oid = c.relnamespace where c.relkind in ('r', 'm') and c.reltuples = 0")
                .stream()
                .map(row -> row.string(0))
                .collect(Collectors.toSet());
    }

    /// Gives the working session the settings that every migration begins with, as `migrate up` does.
    void prepare() {
        worker.execute("reset session authorization; reset role; reset all");
        for (Map.Entry<String, String> setting : real.settings().entrySet()) {
            worker.query("select pg_catalog.set_config($1, $2, false)", setting.getKey(), setting.getValue());
        }
        worker.query(ALONE);
        worker.execute("set search_path = " + searchPath);
        worker.execute("set statement_timeout = "
                + plan.statementTimeout().map(Duration::toMillis).orElse(0L));
        worker.execute("set lock_timeout = " + plan.lockTimeout().toMillis());
        worker.execute("set client_min_messages = log");
    }

    /// Within the transaction: what the migration made of the session's role is over.
    void asOneself() {
        worker.execute("reset session authorization; reset role");
    }

    /// Runs a statement on the working session; a run that is to stop cancels it.
    void work(String sql) {
        run(worker, sql);
    }

    /// Asks on the working session; a run that is to stop cancels it.
    List<Row> ask(String sql) {
        return Attended.call(worker, () -> worker.query(sql), run::check);
    }

    private void run(Session session, String sql) {
        Attended.execute(session, sql, run::check);
    }

    private void hear(String notice) {
        Matcher told = TEMPORARY_FILE.matcher(notice);
        if (told.find()) {
            tempBytes.addAndGet(Long.parseLong(told.group(1)));
        }
    }

    /// Bytes of temporary files that ended since this was asked last.
    long temporaryBytes() {
        return tempBytes.getAndSet(0);
    }

    @Override
    public void close() {
        worker.close();
        clerk.close();
        onlooker.close();
    }
}
