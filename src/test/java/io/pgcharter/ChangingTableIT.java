package io.pgcharter;

import static org.assertj.core.api.Assertions.assertThat;

import io.pgcharter.engine.engine.Observer;
import io.pgcharter.engine.engine.Outcome;
import io.pgcharter.model.id.RunId;
import io.pgcharter.model.operation.Operation;
import io.pgcharter.model.operation.Report;
import io.pgcharter.model.operation.Run.Unit;
import io.pgcharter.model.problem.Problem;
import io.pgcharter.model.problem.ProblemCode;
import io.pgcharter.platform.postgres.PostgresUrl;
import io.pgcharter.platform.postgres.Session;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/// Applications that write, alter, truncate and lock while their database is read.
@Timeout(90)
class ChangingTableIT {
    /// `bulk` is read first, for it is the largest; `late` may change before its turn.
    private static final String TABLES = """
            drop schema if exists other cascade; drop schema public cascade; create schema public;
            create table bulk (id int primary key, note text);
            insert into bulk select i, repeat(md5(i::text), 8) from generate_series(1, 60000) i;
            create table late (id int primary key, note text);
            insert into late select i, 'note' from generate_series(1, 1000) i""";

    private static final long MIDDLE_BYTES = 4_000_000;

    private static OwnServer server;
    private static Cable line;
    private static Scene scene;

    @BeforeAll
    static void start() {
        server = new OwnServer(15);
        line = new Cable(server.socket());
        server.execute("postgres", "create database shop");
        scene = new Scene(line.url("shop", 60_000), server.url("copy"), Scene.CHARTER.replace("jobs: 2", "jobs: 1"));
        scene.done(new Operation.RepositoryInit(Scene.VAULT));
    }

    @AfterAll
    static void stop() {
        scene.close();
        line.close();
        server.close();
    }

    @BeforeEach
    void make_the_tables() {
        server.execute("shop", TABLES);
        server.execute("postgres", "drop database if exists copy with (force)");
        server.execute("postgres", "create database copy");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "drop table late",
                "truncate late",
                "alter table late rename to later",
                "alter table late alter column id type bigint",
            })
    void a_table_that_can_no_longer_be_read_as_it_was_is_named(String change) {
        changes(change);
    }

    @Tag("soak")
    @ParameterizedTest
    @ValueSource(
            strings = {
                "alter table late drop column note",
                "alter table late rename column note to remark",
                "drop table late; create table late (id int primary key, note text)",
                "create schema other; alter table late set schema other",
                "vacuum full late",
                "cluster late using late_pkey",
            })
    void so_is_any_other(String change) {
        changes(change);
    }

    private static void changes(String change) {
        int listed = scene.backups().size();

        Problem problem = scene.failed(backup(), atRows(() -> execute(change)));

        Traces.readsWell(problem);
        assertThat(problem.code()).isEqualTo(ProblemCode.TABLE_CHANGED);
        assertThat(problem.fact()).contains("'public.late'");
        assertThat(problem.remedy()).contains("run the command again");
        Traces.vanish(server.url("postgres"));
        assertThat(scene.backups()).hasSize(listed);
    }

    @Test
    void so_is_it_in_a_copy_whose_target_stays_marked() {
        Problem problem = scene.failed(copy(), atRows(() -> server.execute("shop", "truncate late")));

        assertThat(problem.code()).isEqualTo(ProblemCode.TABLE_CHANGED);
        assertThat(problem.fact()).contains("'public.late'");
        Traces.vanish(server.url("postgres"));
        assertThat(server.ask("copy", "select count(*)::text from pg_namespace where nspname = 'pgcharter_incomplete'"))
                .isEqualTo("1");
        scene.done(copy());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "alter table late add column more int; create table newer (id int)",
                "update late set note = 'other'; delete from late where id > 500; vacuum late; create index on late (note)",
            })
    void a_change_that_leaves_the_rows_of_the_snapshot_alone_is_not_seen(String change) {
        Report.Copy copy = (Report.Copy) done(copy(), atRows(() -> execute(change)));

        assertThat(copy.rowCount()).isEqualTo(61_000);
        assertThat(server.ask("copy", "select count(*)::text from late where note = 'note'"))
                .isEqualTo("1000");
        assertThat(server.ask("copy", "select (to_regclass('newer') is null)::text"))
                .isEqualTo("true");
    }

    /// The table is being read: whoever wants it alone waits for this part of it, and for nothing more.
    @Test
    void an_alter_of_the_table_that_is_being_read_waits_and_the_backup_is_whole() throws Exception {
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Future<?>> alter = new ArrayList<>();
            line.after(MIDDLE_BYTES, () -> {
                alter.add(threads.submit(() -> server.execute("shop", "truncate bulk")));
                Wait.until("TRUNCATE waits", Duration.ofSeconds(10), () -> waiting("truncate bulk"));
            });

            Report.Backup backup = (Report.Backup) scene.done(backup());

            assertThat(backup.rowCount()).isEqualTo(61_000);
            alter.getFirst().get(10, TimeUnit.SECONDS);
            assertThat(server.ask("shop", "select count(*)::text from bulk")).isEqualTo("0");
            assertThat(scene.verify(backup.backup()).rowCount()).isEqualTo(61_000);
        }
    }

    /// The line stands still in the middle of a table, so that the backup takes as long as the test wants.
    @Test
    void no_lock_is_held_but_on_the_table_that_is_being_read() throws Exception {
        CountDownLatch stalled = line.after(MIDDLE_BYTES, line::silence);
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            Future<Report> backup = threads.submit(() -> scene.done(backup()));
            try {
                assertThat(stalled.await(20, TimeUnit.SECONDS)).isTrue();
                for (String statement : List.of(
                        "insert into bulk values (0, 'new')",
                        "update bulk set note = '' where id = 1",
                        "insert into late values (0, 'new')",
                        "alter table late add column more int",
                        "create table newer (id int)")) {
                    server.execute("shop", "set lock_timeout = '200ms'; " + statement);
                }
                assertThat(server.ask("shop", """
                        select string_agg(relation::regclass::text, ', ') from pg_locks l join pg_stat_activity a using (pid)
                        join pg_class c on c.oid = l.relation and c.relkind = 'r' and c.relnamespace = 'public'::regnamespace
                        where a.application_name like 'pgcharter%'""")).isEqualTo("bulk");
            } finally {
                line.mend();
            }
            assertThat(((Report.Backup) backup.get(30, TimeUnit.SECONDS)).rowCount())
                    .isEqualTo(61_000);
        }
    }

    /// While `pg_dump` reads the schema it shares every table, which takes a moment and not the whole backup.
    @Test
    void who_alters_tables_all_the_time_never_waits_long() throws Exception {
        AtomicBoolean over = new AtomicBoolean();
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            Future<Duration> longest = threads.submit(() -> {
                long longestNanos = 0;
                try (Session session = Session.open(server.url("shop"), "test")) {
                    while (!over.get()) {
                        long begun = System.nanoTime();
                        session.execute("alter table late alter column note set default 'x'");
                        longestNanos = Math.max(longestNanos, System.nanoTime() - begun);
                    }
                }
                return Duration.ofNanos(longestNanos);
            });
            try {
                scene.done(backup());
            } finally {
                over.set(true);
            }
            assertThat(longest.get(10, TimeUnit.SECONDS)).isLessThan(Duration.ofSeconds(3));
        }
    }

    @Test
    void a_writer_that_waits_for_no_lock_longer_than_200_ms_never_meets_one() throws Exception {
        AtomicBoolean over = new AtomicBoolean();
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            Future<Integer> written = threads.submit(() -> {
                int count = 0;
                try (Session session = Session.open(server.url("shop"), "test")) {
                    session.execute("set lock_timeout = '200ms'");
                    while (!over.get()) {
                        session.execute("insert into late values (" + (100_000 + count) + ", 'new');"
                                + " update bulk set note = 'new' where id = " + (1 + count % 60_000)
                                + "; delete from late where id = " + (1 + count % 1000));
                        count++;
                    }
                }
                return count;
            });
            for (int round = 0; round < 2; round++) {
                scene.done(backup());
            }
            over.set(true);

            assertThat(written.get(10, TimeUnit.SECONDS)).isGreaterThan(100);
        }
    }

    @ParameterizedTest
    @CsvSource({"BACKUP", "COPY"})
    @Tag("soak")
    void a_table_that_somebody_keeps_locked_ends_the_work_within_a_minute(String work) {
        try (Session holder = Session.open(server.url("shop"), "test")) {
            Operation operation = work.equals("COPY") ? copy() : backup();
            Problem problem = scene.failed(
                    operation, atRows(() -> holder.execute("begin; lock table late in access exclusive mode")));

            Traces.readsWell(problem);
            assertThat(problem.code()).isEqualTo(ProblemCode.TIMED_OUT);
            named(problem, holder);
        }
        Traces.vanish(server.url("postgres"));
        scene.done(work.equals("COPY") ? copy() : backup());
    }

    @Tag("soak")
    @Test
    void a_table_locked_while_the_schema_is_read_ends_the_work_within_two_minutes() {
        try (Session holder = Session.open(server.url("shop"), "test")) {
            holder.execute("begin; lock table late in access exclusive mode");
            Problem problem = scene.failed(backup());

            Traces.readsWell(problem);
            assertThat(problem.code()).isEqualTo(ProblemCode.TIMED_OUT);
            named(problem, holder);
        }
        Traces.vanish(server.url("postgres"));
    }

    private static void named(Problem problem, Session holder) {
        assertThat(problem.fact()).isEqualTo("table 'public.late' is locked by somebody else");
        assertThat(problem.cause()).contains("of postgres (pgcharter test, idle in transaction)", "lock timeout");
        assertThat(problem.remedy()).contains("pg_terminate_backend(" + holder.processId() + ")");
    }

    /// Each statement in a transaction of its own: VACUUM demands it.
    private static void execute(String statements) {
        for (String statement : statements.split("; ", -1)) {
            server.execute("shop", statement);
        }
    }

    private static boolean waiting(String query) {
        PostgresUrl url = server.url("postgres");
        try (Session session = Session.open(url, "test")) {
            return !session.query("select 1 from pg_stat_activity where query = $1 and wait_event_type = 'Lock'", query)
                    .isEmpty();
        }
    }

    private static Report done(Operation operation, Observer observer) {
        Outcome outcome = scene.submit(operation, observer);
        assertThat(outcome).as(() -> String.valueOf(outcome)).isInstanceOf(Outcome.Done.class);
        return ((Outcome.Done) outcome).report();
    }

    private static Operation backup() {
        return new Operation.Backup(Scene.SHOP, Scene.VAULT);
    }

    private static Operation copy() {
        return new Operation.Copy(Scene.SHOP, Scene.COPY, false);
    }

    /// Does something once, between the snapshot and the first row.
    private static Observer atRows(Runnable change) {
        AtomicBoolean done = new AtomicBoolean();
        return new Observer() {
            @Override
            public void stepBegun(RunId run, int step, String name, long total, Unit unit) {
                if (List.of("copying rows", "loading rows").contains(name) && done.compareAndSet(false, true)) {
                    change.run();
                }
            }

            @Override
            public void stepMoved(RunId run, int step, long count) {}

            @Override
            public void stepEnded(RunId run, int step, long count) {}
        };
    }
}
