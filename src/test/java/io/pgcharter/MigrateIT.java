package io.pgcharter;

import static org.assertj.core.api.Assertions.assertThat;

import io.pgcharter.model.id.DatabaseName;
import io.pgcharter.model.id.MigrationsName;
import io.pgcharter.model.operation.SchemaOperation;
import io.pgcharter.model.operation.SchemaOperation.MigrateResolve.Standing;
import io.pgcharter.model.operation.SchemaReport;
import io.pgcharter.model.operation.SchemaReport.CarriedOut;
import io.pgcharter.model.operation.SchemaReport.MigrationRow;
import io.pgcharter.model.problem.Problem;
import io.pgcharter.model.problem.ProblemCode;
import io.pgcharter.platform.history.PlainHistory;
import io.pgcharter.platform.postgres.Session;
import io.pgcharter.platform.sandbox.TestServers;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// Migrations of plain files through the whole program: `copy` is staging, `shop` production.
@Timeout(120)
class MigrateIT {
    private static final DatabaseName STAGING = Scene.COPY;
    private static final DatabaseName PRODUCTION = Scene.SHOP;

    private static final String CHARTER = """
            charter: 1
            environments:
              production: {}
              staging: {}
            databases:
              shop: { environment: production, url: "${env:SHOP_URL}" }
              copy: { environment: staging, url: "${env:COPY_URL}" }
            migrations:
              main: { layout: plain, path: m, databases: [copy, shop], lock-timeout: 1s, attempts: 2 }
            flows:
              - { from: staging, to: production, what: migration, rule: allow }
            state: { url: "${env:STATE}" }
            """;

    private static String state;

    private Scene scene;

    @BeforeAll
    static void shareTheControlDatabase() {
        state = Scene.text(TestServers.fresh(18));
    }

    @BeforeEach
    void open() {
        scene = new Scene(TestServers.fresh(18), TestServers.fresh(18), CHARTER);
        scene.variables.put("STATE", state);
    }

    @AfterEach
    void close() {
        scene.close();
    }

    private void file(String name, String text) {
        Path file = scene.directory.resolve("m").resolve(name);
        try {
            Files.createDirectories(file.getParent());
            Files.writeString(file, text);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private List<String> up(DatabaseName database) {
        return ((SchemaReport.MigrateUp) scene.done(new SchemaOperation.MigrateUp(database, Optional.empty())))
                .migrations().stream().map(CarriedOut::name).toList();
    }

    private Problem upFails(DatabaseName database) {
        return scene.failed(new SchemaOperation.MigrateUp(database, Optional.empty()));
    }

    private List<MigrationRow> rows(DatabaseName database) {
        return ((SchemaReport.MigrateStatus) scene.done(new SchemaOperation.MigrateStatus(database))).rows();
    }

    private List<String> status(DatabaseName database) {
        return rows(database).stream()
                .map(row -> row.name() + " " + row.standing())
                .toList();
    }

    private void resolve(String migration, Standing standing) {
        scene.done(new SchemaOperation.MigrateResolve(STAGING, migration, standing));
    }

    private boolean exists(DatabaseName database, String relation) {
        return scene.ask(database, "select (to_regclass('" + relation + "') is not null)::text")
                .equals("true");
    }

    @Test
    void up_applies_what_is_lacking_and_down_undoes_it() {
        file("0001_users.up.sql", "create table users (id int primary key); insert into users values (1);");
        file("0001_users.down.sql", "drop table users");
        file("0002_index.up.sql", "create index concurrently users_id on users (id); alter table users add a int;");
        file("0002_index.down.sql", "drop index concurrently users_id; alter table users drop a");
        assertThat(status(STAGING)).containsExactly("0001_users pending", "0002_index pending");
        SchemaReport.MigratePlan plan = (SchemaReport.MigratePlan) scene.done(new SchemaOperation.MigratePlan(STAGING));
        assertThat(plan.migrations().getLast().reason()).contains("CREATE INDEX CONCURRENTLY");
        assertThat(exists(STAGING, "users")).isFalse();

        assertThat(up(STAGING)).containsExactly("0001_users", "0002_index");

        assertThat(exists(STAGING, "users_id")).isTrue();
        assertThat(status(STAGING)).containsExactly("0001_users applied", "0002_index applied");
        assertThat(up(STAGING)).isEmpty();
        scene.done(new SchemaOperation.MigrateDown(STAGING, 2));
        assertThat(exists(STAGING, "users")).isFalse();
        assertThat(status(STAGING)).containsExactly("0001_users pending", "0002_index pending");
        assertThat(up(STAGING)).hasSize(2);
        assertThat(scene.ask(STAGING, "select count(*) from pgcharter_migrations"))
                .isEqualTo("4");
    }

    @Test
    void what_staging_lacks_production_does_not_get() {
        file("1_a.sql", "create table a ()");
        assertThat(upFails(PRODUCTION).code()).isEqualTo(ProblemCode.MIGRATION_UNTRIED);
        up(STAGING);
        file("2_b.sql", "create table b ()");

        Problem problem = upFails(PRODUCTION);

        assertThat(problem.fact()).isEqualTo("'copy' does not have 2_b as the files are now");
        assertThat(exists(PRODUCTION, "a")).isFalse();
        assertThat(scene.failed(new SchemaOperation.MigratePlan(PRODUCTION)).code())
                .isEqualTo(ProblemCode.MIGRATION_UNTRIED);
        scene.done(new SchemaOperation.MigrateUp(PRODUCTION, Optional.of("1_a")));
        assertThat(exists(PRODUCTION, "a")).isTrue();
    }

    @Test
    void a_transaction_that_fails_leaves_nothing_and_no_row() {
        file("1_a.sql", "create table a ()");
        file("2_b.sql", "create table b (i int);\ninsert into b values (1 / 0);");

        Problem problem = upFails(STAGING);

        assertThat(problem.code()).isEqualTo(ProblemCode.MIGRATION_FAILED);
        assertThat(problem.fact()).contains("'2_b' failed at").contains("2_b.sql:2: insert into b values (1 / 0)");
        assertThat(problem.cause())
                .contains("division by zero")
                .contains("Nothing of it is in the database; before it were carried out: 1_a");
        assertThat(exists(STAGING, "b")).isFalse();
        assertThat(status(STAGING)).containsExactly("1_a applied", "2_b pending");
    }

    @Test
    void what_fails_between_statements_is_explained_and_resolved() {
        file("1_a.sql", "create table a (i int); insert into a values (1), (1);");
        file("2_b.sql", "create table b ();\ncreate unique index concurrently twice on a (i);\ncreate table c ();");

        Problem problem = upFails(STAGING);

        assertThat(problem.code()).isEqualTo(ProblemCode.MIGRATION_FAILED);
        assertThat(problem.cause())
                .contains("of its 3 statements the first 1 were carried out")
                .contains("2_b.sql:2, may be or may not: create unique index")
                .contains("invalid are the indexes twice");
        assertThat(exists(STAGING, "b")).isTrue();
        assertThat(status(STAGING)).containsExactly("1_a applied", "2_b failed");
        assertThat(rows(STAGING).getLast().note())
                .contains("the first 1 were carried out")
                .contains("is duplicated");
        assertThat(upFails(STAGING).code()).isEqualTo(ProblemCode.MIGRATIONS_DIVERGED);
        scene.execute(STAGING, "drop table b; drop index twice; delete from a");
        resolve("2_b", Standing.ROLLED_BACK);
        assertThat(up(STAGING)).containsExactly("2_b");
    }

    @Test
    void an_undoing_that_fails_between_statements_is_explained_by_its_own_file() {
        file("1_a.up.sql", "create table a (i int)");
        file("1_a.down.sql", "create table kept as select * from a;\nvacuum a;\ndrop table nothing;");
        up(STAGING);

        Problem problem = scene.failed(new SchemaOperation.MigrateDown(STAGING, 1));

        assertThat(problem.fact())
                .contains("migration '1_a' could not be undone")
                .contains("1_a.down.sql:3");
        assertThat(rows(STAGING).getFirst().note())
                .contains("undoing it was begun")
                .contains("the first 2 were carried out, up to")
                .contains("1_a.down.sql:3, may be or may not: drop table nothing");
        resolve("1_a", Standing.APPLIED);
        assertThat(status(STAGING)).containsExactly("1_a applied");
    }

    @Test
    void edited_missing_and_late_migrations_stop_all_others_until_somebody_says_how_they_stand() throws IOException {
        file("1_a.sql", "create table a ()");
        file("3_c.sql", "create table c ()");
        file("4_d.sql", "create table d ()");
        up(STAGING);
        file("1_a.sql", "create table a (i int)");
        file("2_b.sql", "create table b ()");
        Files.delete(scene.directory.resolve("m/3_c.sql"));
        file("5_e.sql", "create table e ()");
        assertThat(status(STAGING))
                .containsExactly("1_a edited", "3_c missing", "4_d applied", "2_b out of order", "5_e pending");

        Problem problem = upFails(STAGING);

        assertThat(problem.code()).isEqualTo(ProblemCode.MIGRATIONS_DIVERGED);
        assertThat(problem.cause()).contains("'1_a' is edited", "'3_c' is missing", "'2_b' is out of order");
        assertThat(problem.remedy()).contains("migrate resolve copy 1_a --applied");
        assertThat(exists(STAGING, "e")).isFalse();
        assertThat(scene.failed(new SchemaOperation.MigrateDown(STAGING, 1)).code())
                .isEqualTo(ProblemCode.MIGRATIONS_DIVERGED);
        scene.execute(STAGING, "alter table a add i int; create table b ()");
        resolve("1_a", Standing.APPLIED);
        resolve("3_c", Standing.ROLLED_BACK);
        resolve("2_b", Standing.APPLIED);
        assertThat(up(STAGING)).containsExactly("5_e");
        assertThat(scene.failed(new SchemaOperation.MigrateResolve(STAGING, "5_e", Standing.ROLLED_BACK))
                        .remedy())
                .contains("migrate down");
    }

    @Test
    void errors_that_can_be_known_are_said_before_anything_is_applied() {
        file("1_a.sql", "create table a ()");
        file("2_b.sql", "create table b ();\n  selct 1;\n");
        assertThat(upFails(STAGING).fact()).contains("2_b.sql:2:3:").contains("selct 1;\n    ^");
        file("2_b.sql", "begin; create index concurrently i on a (x); commit;");
        assertThat(upFails(STAGING).fact()).contains("stands between BEGIN and COMMIT");
        file("2_b.sql", "select 1;\n\\copy a from 'x'");
        assertThat(upFails(STAGING).fact()).contains("2_b.sql:2:1: '\\copy' is a command of psql");
        file("2_b.sql", "-- " + "x".repeat(9_000_000));
        assertThat(upFails(STAGING).code()).isEqualTo(ProblemCode.MIGRATIONS_INVALID);
        file("2_b.sql", "create table b ()");
        file("02_c.sql", "");
        assertThat(upFails(STAGING).fact()).contains("has the number of");

        assertThat(exists(STAGING, "a")).isFalse();
        assertThat(exists(STAGING, "pgcharter_migrations")).isFalse();
    }

    @Test
    void a_database_that_is_not_empty_needs_a_baseline() {
        file("1_a.sql", "create table a ()");
        file("2_b.sql", "create table b ()");
        scene.execute(STAGING, "create table a ()");
        assertThat(upFails(STAGING).fact()).contains("is not empty: there is the relation a");

        scene.done(new SchemaOperation.MigrateBaseline(STAGING, "1_a"));

        assertThat(up(STAGING)).containsExactly("2_b");
        assertThat(scene.failed(new SchemaOperation.MigrateBaseline(STAGING, "2_b"))
                        .fact())
                .contains("has a history already: '1_a' and 1 more");
    }

    @Test
    void a_lock_that_is_not_to_be_had_is_tried_again_and_its_holder_named() {
        file("1_a.sql", "create table a ()");
        up(STAGING);
        file("2_b.sql", "create table b (); alter table a add i int");
        try (Session holder = scene.session(STAGING)) {
            holder.execute("begin; lock table a in share mode");

            Problem problem = upFails(STAGING);

            assertThat(problem.code()).isEqualTo(ProblemCode.TIMED_OUT);
            assertThat(problem.fact()).contains("2_b.sql:1: alter table a").contains("in 2 attempts");
            assertThat(problem.cause()).contains("it was held by process " + holder.processId());
            assertThat(exists(STAGING, "b")).isFalse();
        }
        assertThat(up(STAGING)).containsExactly("2_b");
    }

    @Test
    void a_second_runner_waits_until_the_first_has_ended() throws InterruptedException {
        file("1_a.sql", "create table a ()");
        try (Session other = scene.session(STAGING)) {
            other.query("select pg_advisory_lock($1::bigint)", "" + new PlainHistory("public").lock());
            Thread second = Thread.ofVirtual().start(() -> up(STAGING));
            Wait.until(
                    "the second runner is there",
                    () -> scene.ask(
                                    STAGING,
                                    "select count(*) from pg_stat_activity where datname = current_database()"
                                            + " and query like '%pg_try_advisory_lock%' and pid <> pg_backend_pid()")
                            .equals("1"));
            assertThat(exists(STAGING, "pgcharter_migrations")).isFalse();

            other.query("select pg_advisory_unlock_all()");

            second.join();
        }
        assertThat(status(STAGING)).containsExactly("1_a applied");
    }

    @Tag("soak")
    @Test
    void a_second_runner_goes_away_after_ten_seconds() {
        file("1_a.sql", "create table a ()");
        try (Session other = scene.session(STAGING)) {
            other.query("select pg_advisory_lock($1::bigint)", "" + new PlainHistory("public").lock());

            Problem problem = upFails(STAGING);

            assertThat(problem.code()).isEqualTo(ProblemCode.TARGET_BUSY);
            assertThat(problem.cause()).contains("by process " + other.processId());
        }
        assertThat(up(STAGING)).containsExactly("1_a");
    }

    @Test
    void what_a_migration_makes_of_its_session_reaches_neither_the_history_nor_the_next_one() {
        scene.execute(STAGING, "create role nobody_" + scene.url(STAGING).database());
        file("1_a.sql", """
                select set_config('search_path', '', false); set statement_timeout = '1s'; create table public.a ();
                set session authorization nobody_%s""".formatted(scene.url(STAGING).database()));
        file(
                "2_b.sql",
                "create table b (); select pg_sleep(0.01), 1 / (current_setting('statement_timeout') = '0')::int");

        assertThat(up(STAGING)).containsExactly("1_a", "2_b");

        assertThat(exists(STAGING, "public.b")).isTrue();
    }

    @Test
    void a_connection_lost_between_statements_leaves_a_state_that_status_explains() {
        file(
                "1_a.sql",
                "create table a ();\nvacuum a;\nselect pg_terminate_backend(pg_backend_pid());\ncreate table b ()");

        Problem problem = upFails(STAGING);

        assertThat(problem.code()).isEqualTo(ProblemCode.MIGRATION_FAILED);
        assertThat(problem.cause()).contains("the first 2 were carried out").contains("1_a.sql:3, may be or may not");
        assertThat(status(STAGING)).containsExactly("1_a failed");
        scene.execute(STAGING, "create table b ()");
        resolve("1_a", Standing.APPLIED);
        assertThat(status(STAGING)).containsExactly("1_a applied");
    }

    /// Starts `migrate up` in a process of its own and kills it while a statement of it waits for the lock 42.
    private void killWhileItWaits() throws InterruptedException {
        Console console = new Console(scene.variables, scene.directory.resolve("charter.yaml"));
        try (Session holder = scene.session(STAGING)) {
            holder.query("select pg_advisory_lock(42)");
            Process child = console.start("migrate", "up", "copy");
            String waiting = "select count(*) from pg_locks where locktype = 'advisory' and objid = 42 and not granted";
            Wait.until(
                    "the migration waits",
                    () -> !child.isAlive() || scene.ask(STAGING, waiting).equals("1"));
            assertThat(child.isAlive()).isTrue();
            child.destroyForcibly();
            int unused = child.waitFor();
            Wait.until(
                    "the server has noticed", () -> scene.ask(STAGING, waiting).equals("0"));
        }
        scene.execute(STAGING, "select pg_advisory_unlock_all()");
    }

    @Test
    void kill_9_in_the_middle_of_a_transaction_leaves_nothing() throws InterruptedException {
        file("1_a.sql", "create table a (); set lock_timeout = 0; select pg_advisory_xact_lock(42); create table b ()");

        killWhileItWaits();

        assertThat(exists(STAGING, "a")).isFalse();
        assertThat(status(STAGING)).containsExactly("1_a pending");
        assertThat(up(STAGING)).containsExactly("1_a");
    }

    @Test
    void kill_9_between_statements_is_explained_and_resolved() throws InterruptedException {
        file("1_a.sql", """
                create table a ();
                vacuum a;
                set lock_timeout = 0;
                select pg_advisory_xact_lock(42);
                create table b ()""");

        killWhileItWaits();

        assertThat(status(STAGING)).containsExactly("1_a failed");
        assertThat(rows(STAGING).getFirst().note())
                .contains("of its 5 statements the first 3 were carried out, up to")
                .contains("1_a.sql:4, may be or may not: select pg_advisory_xact_lock(42)");
        assertThat(upFails(STAGING).code()).isEqualTo(ProblemCode.MIGRATIONS_DIVERGED);
        scene.execute(STAGING, "drop table a");
        resolve("1_a", Standing.ROLLED_BACK);
        assertThat(up(STAGING)).containsExactly("1_a");
    }

    @Test
    void new_makes_the_files_of_a_migration_behind_all_others() {
        file("0041_a.sql", "create table a ()");

        SchemaReport.MigrateNew made = (SchemaReport.MigrateNew)
                scene.done(new SchemaOperation.MigrateNew(new MigrationsName("main"), "Größere Beträge!"));

        assertThat(made.files())
                .extracting(file -> Path.of(file).getFileName().toString())
                .containsExactly("0042_grossere_betrage.up.sql", "0042_grossere_betrage.down.sql");
        assertThat(up(STAGING)).containsExactly("0041_a", "0042_grossere_betrage");
    }

    @Test
    void the_history_of_sqitch_and_of_liquibase_is_taken_over() {
        file("1_users.sql", "create table users ()");
        file("2_add_orders.sql", "create table orders ()");
        file("3_last.sql", "create table last ()");
        scene.execute(STAGING, """
                create schema sqitch;
                create table sqitch.changes (change_id text primary key, script_hash text, change text, project text,
                  committed_at timestamptz default clock_timestamp(), planned_at timestamptz default clock_timestamp());
                insert into sqitch.changes (change_id, change, project) values ('x', 'users', 'p');
                insert into sqitch.changes (change_id, change, project) values ('y', 'add-orders', 'p')""");

        scene.done(new SchemaOperation.MigrateImport(STAGING, SchemaOperation.MigrateImport.Tool.SQITCH));

        assertThat(status(STAGING)).containsExactly("1_users applied", "2_add_orders applied", "3_last pending");
        assertThat(up(STAGING)).containsExactly("3_last");

        scene.execute(PRODUCTION, """
                create table databasechangelog (id varchar(255), author varchar(255), filename varchar(255),
                  dateexecuted timestamp, orderexecuted int, exectype varchar(10), md5sum varchar(35));
                insert into databasechangelog values ('users', 'a', 'db/1.sql', now(), 1, 'EXECUTED', 'x'),
                  ('elsewhere', 'a', 'db/2.sql', now(), 2, 'EXECUTED', 'x')""");
        SchemaOperation fromLiquibase =
                new SchemaOperation.MigrateImport(PRODUCTION, SchemaOperation.MigrateImport.Tool.LIQUIBASE);
        assertThat(scene.failed(fromLiquibase).cause()).contains("'elsewhere' where '2_add_orders' stands");
        scene.execute(
                PRODUCTION,
                "update databasechangelog set id = 'raw', filename = 'db/2_add_orders.sql' where orderexecuted = 2");
        scene.done(fromLiquibase);
        assertThat(status(PRODUCTION)).containsExactly("1_users applied", "2_add_orders applied", "3_last pending");
    }
}
