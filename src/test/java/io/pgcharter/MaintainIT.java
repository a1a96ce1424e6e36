package io.pgcharter;

import static org.assertj.core.api.Assertions.assertThat;

import io.pgcharter.engine.engine.Outcome;
import io.pgcharter.model.operation.Operation;
import io.pgcharter.model.operation.Operation.Maintain.Task;
import io.pgcharter.model.operation.Report;
import io.pgcharter.model.operation.Report.MaintainRow;
import io.pgcharter.model.operation.Report.Upkeep;
import io.pgcharter.model.problem.Problem;
import io.pgcharter.model.problem.ProblemCode;
import io.pgcharter.platform.postgres.PostgresUrl;
import io.pgcharter.platform.postgres.Session;
import io.pgcharter.platform.sandbox.TestServers;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Maintenance of real servers, beside those who write and those who stand in the way.
@Timeout(120)
class MaintainIT {
    private static final int MAJOR = 15;
    private static final DateTimeFormatter DAY = DateTimeFormatter.ofPattern("yyyyMMdd");

    /// A third of the rows dead, in a table that nobody else vacuums; one that needs nothing.
    private static final String WORN = """
            create table worn (id int primary key, note text) with (autovacuum_enabled = off);
            create table sound (id int primary key) with (autovacuum_enabled = off);
            insert into worn select i, 'n' || i from generate_series(1, 30000) i;
            insert into sound select i from generate_series(1, 30000) i;
            vacuum analyze worn;
            vacuum analyze sound;
            delete from worn where id % 3 = 0""";

    /// An index of which nine tenths are empty.
    private static final String BLOATED = """
            create table bloated (id int, note text) with (autovacuum_enabled = off);
            insert into bloated select i, 'n' || i from generate_series(1, 200000) i;
            create index bloated_id on bloated (id);
            delete from bloated where id % 10 <> 0;
            vacuum analyze bloated""";

    @SuppressWarnings("NullAway.Init") // made by play, which every test calls first
    private Scene scene;

    private void play(int major, String plan) {
        scene = new Scene(
                TestServers.fresh(major),
                TestServers.fresh(major),
                Scene.CHARTER + """
                state: { url: "${env:STATE}" }
                maintenance:
                  shop:
                    lock-timeout: 1s
                    attempts: 2
                """ + ((plan.contains("patience") ? "" : "patience: 1s\n") + plan).indent(4));
        scene.variables.put("STATE", Scene.text(TestServers.fresh(MAJOR)));
    }

    /// A session for each statement: what one has written is counted when it ends, so that the VACUUM after it sees it.
    private void prepare(String sql) {
        for (String statement : sql.split(";\n", -1)) {
            scene.execute(Scene.SHOP, statement);
        }
    }

    @AfterEach
    void close() {
        scene.close();
    }

    private Report.Maintain maintain(Task task) {
        return (Report.Maintain) scene.done(new Operation.Maintain(Scene.SHOP, task));
    }

    private Problem incomplete(Task task) {
        Problem problem = scene.failed(new Operation.Maintain(Scene.SHOP, task));
        assertThat(problem.code()).isEqualTo(ProblemCode.MAINTENANCE_INCOMPLETE);
        return problem;
    }

    private static MaintainRow row(Report.Maintain report, String subject) {
        return report.rows().stream()
                .filter(row -> row.subject().equals(subject))
                .findFirst()
                .orElseThrow(() -> new AssertionError("no row of " + subject + " in " + report.rows()));
    }

    /// The server counts what was written a little later than it was.
    private void waitForCount(String column, String table) {
        Wait.until(
                column + " of " + table + " is counted",
                () -> !scene.ask(
                                Scene.SHOP,
                                "select coalesce(max(" + column + "), 0) from pg_stat_all_tables where relname = '"
                                        + table + "'")
                        .equals("0"));
    }

    // ---- vacuum, statistics -----------------------------------------------------------------------------------------

    @ParameterizedTest
    @ValueSource(ints = {14, 15, 18})
    void vacuum_takes_the_tables_that_need_it_and_says_why(int major) {
        play(major, "");
        prepare(WORN);
        waitForCount("n_dead_tup", "worn");

        Report.Maintain report = maintain(Task.VACUUM);

        assertThat(report.rows()).extracting(MaintainRow::subject).containsExactly("public.worn");
        assertThat(row(report, "public.worn").outcome()).isEqualTo(Upkeep.DONE);
        assertThat(row(report, "public.worn").need())
                .startsWith("33 % of its 30,000 rows are dead (10,000); last vacuumed ");
        assertThat(report.judgedCount()).isEqualTo(2);
        Wait.until(
                "the dead rows are gone",
                () -> scene.ask(Scene.SHOP, "select n_dead_tup from pg_stat_all_tables where relname = 'worn'")
                        .equals("0"));
        assertThat(maintain(Task.VACUUM).rows()).isEmpty();
    }

    @Test
    void dead_rows_that_an_old_snapshot_still_sees_are_reported_with_whose_it_is() {
        play(MAJOR, "");
        prepare(WORN.substring(0, WORN.lastIndexOf(";\n")));
        try (Session old = scene.session(Scene.SHOP)) {
            old.execute("begin isolation level repeatable read; select from worn limit 1");
            scene.execute(Scene.SHOP, "delete from worn where id % 3 = 0");
            waitForCount("n_dead_tup", "worn");

            MaintainRow row = row(maintain(Task.VACUUM), "public.worn");

            assertThat(row.outcome()).isEqualTo(Upkeep.DONE);
            assertThat(row.result())
                    .contains("10,000 dead rows are left, still seen by process " + old.processId() + " of postgres");
        }
    }

    @Test
    void a_lock_that_is_held_is_given_up_with_its_holder_and_the_other_tables_are_done() {
        play(MAJOR, "");
        prepare(WORN + """
                ;
                create table other (id int) with (autovacuum_enabled = off);
                insert into other select i from generate_series(1, 5000) i;
                analyze other;
                delete from other""");
        waitForCount("n_dead_tup", "worn");
        waitForCount("n_dead_tup", "other");
        try (Session holder = scene.session(Scene.SHOP)) {
            holder.execute("begin; lock table worn in share update exclusive mode");

            Report.Maintain report = maintain(Task.VACUUM);

            assertThat(row(report, "public.worn").outcome()).isEqualTo(Upkeep.GIVEN_UP);
            assertThat(row(report, "public.worn").result())
                    .startsWith("its lock was not free: process " + holder.processId()
                            + " of postgres (pgcharter test, idle in transaction), whose transaction began ");
            assertThat(row(report, "public.other").outcome()).isEqualTo(Upkeep.DONE);
        }
        assertThat(row(maintain(Task.VACUUM), "public.worn").outcome()).isEqualTo(Upkeep.DONE);
    }

    @Test
    void a_table_of_somebody_else_fails_and_says_what_is_missing() {
        play(MAJOR, "");
        prepare(WORN);
        waitForCount("n_dead_tup", "worn");
        PostgresUrl url = scene.url(Scene.SHOP);
        scene.execute(Scene.SHOP, "create role keeper_" + url.database() + " login");
        scene.variables.put("SHOP_URL", Scene.text(url).replace("postgres@", "keeper_" + url.database() + "@"));
        scene.restart();

        Problem problem = incomplete(Task.VACUUM);

        assertThat(problem.fact()).contains("1 of ", " tables that needed something failed in 'shop'");
        assertThat(problem.cause()).contains("public.worn: ", "it takes the table's owner");
    }

    @ParameterizedTest
    @ValueSource(ints = {14, 18})
    void statistics_are_made_where_rows_changed_and_of_partitioned_tables(int major) {
        play(major, "");
        prepare(WORN + """
                ;
                create table parent (day date) partition by range (day);
                create table parent_1 partition of parent for values from ('2026-01-01') to ('2027-01-01');
                create table pairs (city int, country int) with (autovacuum_enabled = off);
                insert into pairs select i % 1000, i % 1000 / 10 from generate_series(1, 20000) i;
                create index on pairs (city, country);
                vacuum analyze pairs""");
        waitForCount("analyze_count", "worn");
        waitForCount("n_mod_since_analyze", "worn");

        Report.Maintain report = maintain(Task.STATISTICS);

        assertThat(row(report, "public.worn").outcome()).isEqualTo(Upkeep.DONE);
        assertThat(row(report, "public.worn").need()).contains(" % of its ", " rows changed since; last analyzed ");
        assertThat(row(report, "public.parent").need()).contains("analyzed by nobody else; never analyzed");
        assertThat(row(report, "public.pairs").outcome()).isEqualTo(Upkeep.ADVISED);
        assertThat(row(report, "public.pairs").need())
                .contains("city and country have 1,000 pairs of values, and the planner expects ");
        assertThat(report.rows()).hasSize(3);
    }

    @Test
    void progress_is_the_servers_own_and_a_cancelled_vacuum_ends_there_at_once() {
        play(MAJOR, "");
        prepare(WORN);
        waitForCount("n_dead_tup", "worn");
        // So slow that it takes a minute.
        scene.execute(
                Scene.SHOP,
                "do $$ begin execute format('alter database %I set vacuum_cost_delay = 50', current_database()); execute"
                        + " format('alter database %I set vacuum_cost_limit = 20', current_database()); end $$");
        StepWatch steps = new StepWatch("vacuum ");
        try (ExecutorService executor = Executors.newVirtualThreadPerTaskExecutor()) {
            Future<Outcome> outcome =
                    executor.submit(() -> scene.submit(new Operation.Maintain(Scene.SHOP, Task.VACUUM), steps));
            Wait.until("the vacuum moves", () -> steps.moved.get() > 0);
            assertThat(steps.moved.get() % 8192).isZero();
            assertThat(steps.moved.get()).isLessThan(steps.total.get());
            scene.done(new Operation.Cancel(steps.begun.join()));
            long asked = System.nanoTime();

            assertThat(outcome.get()).isInstanceOf(Outcome.Failed.class);

            assertThat((System.nanoTime() - asked) / 1_000_000).isLessThan(1000);
            Wait.until("nothing works there", () -> sessionsOfOurs() == 0);
        } catch (InterruptedException | java.util.concurrent.ExecutionException e) {
            throw new AssertionError(e);
        }
    }

    // ---- indexes ----------------------------------------------------------------------------------------------------

    @ParameterizedTest
    @ValueSource(ints = {14, 15, 18})
    void a_bloated_index_is_measured_and_rebuilt(int major) {
        play(major, "reindex: { min-size: 1MB }");
        prepare("create extension pgstattuple;\n" + BLOATED);
        long before = size("bloated_id");

        MaintainRow row = row(maintain(Task.REINDEX), "public.bloated_id");

        assertThat(row.outcome()).as(row::result).isEqualTo(Upkeep.DONE);
        assertThat(row.need()).matches("\\d+ kB on bloated, [89]\\d % of it empty \\(measured\\)");
        assertThat(size("bloated_id")).isLessThan(before / 5);
        assertThat(maintain(Task.REINDEX).rows()).isEmpty();
    }

    @Test
    void without_pgstattuple_bloat_is_an_estimate_and_said_to_be_one() {
        play(MAJOR, "reindex: { min-size: 1MB }");
        prepare(BLOATED);

        MaintainRow row = row(maintain(Task.REINDEX), "public.bloated_id");

        assertThat(row.outcome()).isEqualTo(Upkeep.DONE);
        assertThat(row.need()).matches("\\d+ kB on bloated, [89]\\d % of it empty \\(an estimate from statistics\\)");
    }

    @Test
    void a_transaction_that_lasts_is_not_waited_for_and_nothing_is_left_behind() {
        play(MAJOR, "reindex: { min-size: 1MB }");
        prepare(BLOATED);
        try (Session lasting = scene.session(Scene.SHOP)) {
            lasting.execute("begin isolation level repeatable read; select from bloated limit 1");
            lasting.execute("select pg_sleep(1.1)");

            MaintainRow row = row(maintain(Task.REINDEX), "public.bloated_id");

            assertThat(row.outcome()).isEqualTo(Upkeep.GIVEN_UP);
            assertThat(row.result())
                    .startsWith("a rebuild has to wait for every transaction that began before it: process "
                            + lasting.processId());
        }
        assertThat(invalidIndexes()).isZero();
    }

    @Test
    void what_a_failed_rebuild_left_is_dropped_and_other_invalid_indexes_are_reported() {
        play(MAJOR, "reindex: { min-size: 1MB }");
        prepare(BLOATED + """
                ;
                create index bloated_id_ccnew on bloated (id);
                create index half_built on bloated (note);
                update pg_index set indisvalid = false
                where indexrelid in ('bloated_id_ccnew'::regclass, 'half_built'::regclass)""");

        Report.Maintain report = maintain(Task.REINDEX);

        assertThat(row(report, "public.bloated_id_ccnew").result()).isEqualTo("dropped");
        assertThat(row(report, "public.half_built").outcome()).isEqualTo(Upkeep.ADVISED);
        assertThat(row(report, "public.half_built").result()).contains("REINDEX INDEX CONCURRENTLY");
        assertThat(row(report, "public.bloated_id").outcome()).isEqualTo(Upkeep.DONE);
        assertThat(invalidIndexes()).isEqualTo(1);
    }

    @Test
    void killed_in_a_rebuild_the_server_stops_at_once_and_the_next_run_clears_up() {
        play(MAJOR, "reindex: { min-size: 1MB }\npatience: 5m");
        prepare(BLOATED);
        Console console = new Console(scene.variables, scene.directory.resolve("charter.yaml"));
        try (Session young = scene.session(Scene.SHOP)) {
            young.execute("begin; insert into bloated values (0, 'young')");
            Process process = console.start("maintain", "shop", "reindex");
            Wait.until("the rebuild waits for the young transaction", () -> invalidIndexes() > 0);

            process.destroyForcibly();

            Wait.until("the server has stopped working for it", () -> sessionsOfOurs() == 0);
            assertThat(invalidIndexes()).isEqualTo(1);
        }
        // The run that died holds the lease until it is seen to be gone.
        assertThat(console.run("maintain", "shop", "reindex")).as(console::err).isZero();

        assertThat(console.out()).contains("bloated_id_ccnew", "dropped", "rebuilt in ");
        assertThat(invalidIndexes()).isZero();
    }

    @Test
    void a_cancelled_rebuild_ends_on_the_server_too() {
        play(MAJOR, "reindex: { min-size: 1MB }\npatience: 5m");
        prepare(BLOATED);
        StepWatch steps = new StepWatch("reindex ");
        try (Session young = scene.session(Scene.SHOP);
                ExecutorService executor = Executors.newVirtualThreadPerTaskExecutor()) {
            young.execute("begin; lock table bloated in share mode");
            Future<Outcome> outcome =
                    executor.submit(() -> scene.submit(new Operation.Maintain(Scene.SHOP, Task.REINDEX), steps));
            scene.done(new Operation.Cancel(steps.begun.join()));
            long asked = System.nanoTime();

            assertThat(outcome.get())
                    .isInstanceOfSatisfying(
                            Outcome.Failed.class,
                            failed -> assertThat(failed.problem().code()).isEqualTo(ProblemCode.CANCELLED));

            assertThat((System.nanoTime() - asked) / 1_000_000).isLessThan(1000);
            assertThat(sessionsOfOurs()).isZero();
        } catch (InterruptedException | java.util.concurrent.ExecutionException e) {
            throw new AssertionError(e);
        }
    }

    // ---- nobody waits -----------------------------------------------------------------------------------------------

    /// A statement of the writer that waits for a lock for 200 ms fails, and with it the test: a machine that is busy
    /// does not count, a lock does.
    @Test
    void a_writer_waits_for_nothing() {
        LocalDate today = LocalDate.now(java.time.Clock.systemUTC());
        play(MAJOR, """
                reindex: { min-size: 1MB }
                partitions: [ { table: public.ticks, by: day, ahead: 20, keep: 5 } ]""");
        prepare(BLOATED + ";\n" + ticks(today, 30) + ";\n" + WORN);
        waitForCount("n_dead_tup", "worn");
        AtomicBoolean over = new AtomicBoolean();
        AtomicLong written = new AtomicLong();
        CompletableFuture<Void> writer = CompletableFuture.runAsync(() -> {
            try (Session session = scene.session(Scene.SHOP)) {
                session.execute("set lock_timeout = 200");
                while (!over.get()) {
                    session.execute("insert into bloated values (1, 'w'); update worn set note = 'w' where id = 1;"
                            + "insert into ticks values ('" + today + "', 1); delete from ticks where price = 1");
                    session.execute("select pg_sleep(0.01)");
                    written.incrementAndGet();
                }
            }
        });
        Wait.until("the writer writes", () -> written.get() > 3);

        for (Task task : List.of(Task.PARTITIONS, Task.VACUUM, Task.STATISTICS, Task.REINDEX)) {
            Report.Maintain report = maintain(task);
            assertThat(report.rows())
                    .as(task::name)
                    .isNotEmpty()
                    .allSatisfy(
                            row -> assertThat(row.outcome()).as(row.toString()).isEqualTo(Upkeep.DONE));
        }

        over.set(true);
        writer.join();
        assertThat(written.get()).isGreaterThan(20);
    }

    // ---- partitions -------------------------------------------------------------------------------------------------

    /// A table with a partition for each of so many days before today, and one for today.
    private static String ticks(LocalDate today, int days) {
        StringBuilder sql = new StringBuilder("""
                create table venues (id int primary key);
                create table ticks (at timestamptz not null, price numeric default 0 check (price >= 0), venue int references venues,
                  id bigint generated by default as identity, twice numeric generated always as (price * 2) stored,
                  primary key (id, at)) partition by range (at)""");
        for (int back = days; back >= 0; back--) {
            LocalDate day = today.minusDays(back);
            sql.append(";\ncreate table ticks_" + DAY.format(day) + " partition of ticks for values from ('" + day
                    + " 00:00:00+00') to ('" + day.plusDays(1) + " 00:00:00+00')");
        }
        return sql.append(";\ncreate index on ticks (at)").toString();
    }

    private List<String> partitions() {
        try (Session session = scene.session(Scene.SHOP)) {
            return session
                    .query("select inhrelid::regclass::text from pg_inherits join pg_class c on c.oid = inhrelid"
                            + " where inhparent = 'ticks'::regclass and not inhdetachpending order by 1")
                    .stream()
                    .map(row -> row.string(0))
                    .toList();
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {14, 15, 18})
    void partitions_are_made_ahead_and_old_ones_detached_with_their_rows(int major) {
        LocalDate today = LocalDate.now(ZoneOffset.UTC);
        play(major, "partitions: [ { table: public.ticks, by: day, ahead: 3, keep: 2, detached-schema: attic } ]");
        prepare(ticks(today, 4) + ";\ncreate schema attic;\ninsert into ticks values ('" + today.minusDays(4)
                + " 12:00:00+00', 7)");

        Report.Maintain report = maintain(Task.PARTITIONS);

        assertThat(report.rows())
                .as(report.rows()::toString)
                .allSatisfy(row -> assertThat(row.outcome()).isEqualTo(Upkeep.DONE));
        assertThat(partitions())
                .containsExactly(java.util.stream.IntStream.rangeClosed(-2, 3)
                        .mapToObj(ahead -> "ticks_" + DAY.format(today.plusDays(ahead)))
                        .toArray(String[]::new));
        assertThat(scene.ask(Scene.SHOP, "select price from attic.ticks_" + DAY.format(today.minusDays(4))))
                .isEqualTo("7");
        scene.execute(Scene.SHOP, "insert into ticks values ('" + today.plusDays(3) + " 12:00:00+00', 4)");
        assertThat(scene.ask(Scene.SHOP, "select twice from ticks_" + DAY.format(today.plusDays(3))))
                .isEqualTo("8");
        assertThat(scene.ask(
                        Scene.SHOP,
                        "select count(*) from pg_constraint where contype in ('c', 'f', 'p') and conrelid = 'ticks_"
                                + DAY.format(today.plusDays(3)) + "'::regclass"))
                .isEqualTo("3");
        assertThat(scene.ask(
                        Scene.SHOP,
                        "select count(*) from pg_indexes where tablename = 'ticks_" + DAY.format(today.plusDays(3))
                                + "'"))
                .isEqualTo("2");
        assertThat(row(report, "public.ticks_" + DAY.format(today.minusDays(3))).need())
                .isEqualTo("it ends on " + today.minusDays(2) + "; 2 days are kept, from " + today.minusDays(2));
        assertThat(maintain(Task.PARTITIONS).rows()).isEmpty();
    }

    @Test
    void rows_of_a_default_partition_and_overlapping_partitions_are_reported_and_the_others_made() {
        LocalDate today = LocalDate.now(ZoneOffset.UTC);
        play(MAJOR, "partitions: [ { table: public.ticks, by: day, ahead: 3, keep: 1 } ]");
        prepare(ticks(today, 2) + ";\ncreate table rest partition of ticks default;\ninsert into ticks values ('"
                + today.plusDays(1) + " 12:00:00+00', 7);\ncreate table odd partition of ticks for values from ('"
                + today.plusDays(2) + " 06:00:00+00') to ('" + today.plusDays(2) + " 07:00:00+00')");

        Problem problem = incomplete(Task.PARTITIONS);

        String name = "public.ticks_";
        assertThat(problem.fact()).isEqualTo("3 of 4 partitions that needed something failed in 'shop'");
        assertThat(problem.cause())
                .containsPattern(
                        name + DAY.format(today.plusDays(1)) + ": [^;]*default partition[^;]*would be violated")
                .contains(
                        name + DAY.format(today.plusDays(2)) + ": partition public.odd takes another part of that time")
                .contains(name + DAY.format(today.minusDays(2))
                        + ": beside a default partition the server detaches only under a lock")
                .endsWith("Of the others 1 were done, 0 are left for the next run");
        assertThat(problem.remedy()).contains("pgcharter maintain shop partitions");
        assertThat(scene.ask(
                        Scene.SHOP,
                        "select count(*) from pg_inherits where inhparent = 'ticks'::regclass and inhrelid ="
                                + " to_regclass('ticks_" + DAY.format(today.plusDays(3)) + "')"))
                .as("what others could be made was made")
                .isEqualTo("1");
        assertThat(scene.ask(
                        Scene.SHOP,
                        "select count(*) from pg_class where relname = 'ticks_" + DAY.format(today.plusDays(1)) + "'"))
                .as("what could not be attached is not left lying about")
                .isEqualTo("0");
    }

    @Test
    void a_detach_that_was_interrupted_is_finished_by_the_next_run() {
        LocalDate today = LocalDate.now(ZoneOffset.UTC);
        play(MAJOR, "partitions: [ { table: public.ticks, by: day, ahead: 1, keep: 2 } ]");
        prepare(ticks(today, 3));
        String old = "ticks_" + DAY.format(today.minusDays(3));
        try (Session reader = scene.session(Scene.SHOP)) {
            reader.execute("begin; select from ticks limit 1");

            MaintainRow row = row(maintain(Task.PARTITIONS), "public." + old);

            assertThat(row.outcome()).isEqualTo(Upkeep.GIVEN_UP);
            assertThat(row.result()).contains("process " + reader.processId());
        }
        assertThat(scene.ask(Scene.SHOP, "select count(*) from pg_inherits where inhdetachpending"))
                .isEqualTo("1");

        MaintainRow row = row(maintain(Task.PARTITIONS), "public." + old);

        assertThat(row.outcome()).as(row.result()).isEqualTo(Upkeep.DONE);
        assertThat(row.need()).isEqualTo("its detaching was begun and not ended");
        assertThat(partitions()).hasSize(4).doesNotContain(old);
        assertThat(scene.ask(Scene.SHOP, "select count(*) from " + old)).isEqualTo("0");
    }

    @Test
    void killed_at_any_step_of_partitions_the_next_run_has_the_rest_done() {
        LocalDate today = LocalDate.now(ZoneOffset.UTC);
        play(MAJOR, "partitions: [ { table: public.ticks, by: day, ahead: 2, keep: 1, detached-schema: attic } ]");
        prepare(ticks(today, 3) + ";\ncreate schema attic");
        Console console = new Console(scene.variables, scene.directory.resolve("charter.yaml"));
        for (String step : List.of(
                "create partition public.ticks_" + DAY.format(today.plusDays(2)),
                "detach public.ticks_" + DAY.format(today.minusDays(2)),
                "move public.ticks_" + DAY.format(today.minusDays(3)))) {
            Console.killAt(console.start("maintain", "shop", "partitions"), step);
            Wait.until("the server has stopped working for it", () -> sessionsOfOurs() == 0);
        }

        assertThat(console.run("maintain", "shop", "partitions"))
                .as(console::err)
                .isZero();

        assertThat(partitions()).hasSize(4);
        assertThat(scene.ask(Scene.SHOP, "select count(*) from pg_tables where schemaname = 'attic'"))
                .isEqualTo("2");
        assertThat(console.run("maintain", "shop", "partitions")).isZero();
        assertThat(console.out()).contains("nothing is needed");
    }

    @Test
    void what_cannot_be_looked_after_is_said_and_old_partitions_are_kept_where_the_charter_says() {
        LocalDate today = LocalDate.now(ZoneOffset.UTC);
        play(MAJOR, """
                partitions:
                  - { table: public.absent, by: day, ahead: 1 }
                  - { table: public.plain, by: day, ahead: 1 }
                  - { table: public.listed, by: day, ahead: 1 }
                  - { table: public.ticks, by: day, ahead: 1, keep: 1, then: keep }""");
        prepare(ticks(today, 2) + """
                ;
                create table plain (at date);
                create table listed (at date) partition by list (at)""");

        Problem problem = incomplete(Task.PARTITIONS);

        assertThat(problem.cause())
                .contains(
                        "public.absent: there is no such table",
                        "public.plain: it is not partitioned by ranges",
                        "public.listed: it is not partitioned by ranges")
                .doesNotContain("public.ticks");
        prepare("""
                drop table plain, listed;
                create table absent (at date) partition by range (at);
                create table plain (like absent) partition by range (at);
                create table listed (like absent) partition by range (at)""");
        Report.Maintain report = maintain(Task.PARTITIONS);
        assertThat(row(report, "public.ticks_" + DAY.format(today.minusDays(2))).outcome())
                .isEqualTo(Upkeep.ADVISED);
        assertThat(partitions()).hasSize(4);
    }

    // ---- what the server has ----------------------------------------------------------------------------------------

    private long size(String relation) {
        return Long.parseLong(scene.ask(Scene.SHOP, "select pg_relation_size('" + relation + "')"));
    }

    private long invalidIndexes() {
        return Long.parseLong(scene.ask(Scene.SHOP, "select count(*) from pg_index where not indisvalid"));
    }

    private long sessionsOfOurs() {
        return Long.parseLong(scene.ask(
                Scene.SHOP,
                "select count(*) from pg_stat_activity where application_name = 'pgcharter maintain'"
                        + " and datname = current_database()"));
    }
}
