package io.pgcharter;

import static org.assertj.core.api.Assertions.assertThat;

import io.pgcharter.model.id.DatabaseName;
import io.pgcharter.model.operation.SchemaOperation;
import io.pgcharter.model.operation.SchemaOperation.MigrateResolve.Standing;
import io.pgcharter.model.operation.SchemaReport;
import io.pgcharter.model.operation.SchemaReport.MigrationRow;
import io.pgcharter.model.problem.ProblemCode;
import io.pgcharter.platform.history.PrismaHistory;
import io.pgcharter.platform.postgres.Session;
import io.pgcharter.platform.sandbox.TestServers;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// What Prisma itself makes of the history that we write, and we of its own.
@Timeout(180)
class PrismaIT {
    private static final DatabaseName OURS = Scene.SHOP;
    private static final DatabaseName THEIRS = Scene.COPY;

    private static final String CHARTER = """
            charter: 1
            environments:
              development: {}
            databases:
              shop: { environment: development, url: "${env:SHOP_URL}" }
              copy: { environment: development, url: "${env:COPY_URL}" }
            migrations:
              ours: { layout: prisma, path: "MIGRATIONS", databases: [shop] }
              theirs: { layout: prisma, path: "MIGRATIONS", databases: [copy] }
            """;

    /// Everything but ids, times and what an error was called.
    private static final String HISTORY = """
            select coalesce(string_agg(concat_ws('|', migration_name, checksum, finished_at is null, rolled_back_at is null,
              applied_steps_count, logs is null), E'\\n' order by started_at, migration_name), '') from _prisma_migrations""";

    private static final String SHAPE = """
            select string_agg(line, E'\\n' order by line) from (
              select concat_ws('|', attname, format_type(atttypid, atttypmod), attnotnull,
                (select pg_get_expr(adbin, adrelid) from pg_attrdef where adrelid = attrelid and adnum = attnum)) as line
              from pg_attribute where attrelid = '_prisma_migrations'::regclass and attnum > 0
              union all select pg_get_indexdef(indexrelid) from pg_index where indrelid = '_prisma_migrations'::regclass
              union all select conname || pg_get_constraintdef(oid) from pg_constraint
              where conrelid = '_prisma_migrations'::regclass and contype <> 'n') lines""";

    private Prisma prisma;
    private Scene scene;

    @BeforeEach
    void open() {
        prisma = Prisma.project();
        open(15);
        prisma.file("1_users/migration.sql", "create table users (id int);\r\ninsert into users values (1), (1);\r\n");
        prisma.file("2_orders/migration.sql", "create table orders (id int);\n");
        prisma.file("2_orders/down.sql", "drop table orders");
    }

    private void open(int major) {
        scene = new Scene(
                TestServers.fresh(major),
                TestServers.fresh(major),
                CHARTER.replace("MIGRATIONS", prisma.migrations().toString()));
    }

    @AfterEach
    void close() {
        scene.close();
        prisma.close();
    }

    private List<MigrationRow> rows(DatabaseName database) {
        return ((SchemaReport.MigrateStatus) scene.done(new SchemaOperation.MigrateStatus(database))).rows();
    }

    private List<String> status(DatabaseName database) {
        return rows(database).stream()
                .map(row -> row.name() + " " + row.standing())
                .toList();
    }

    private void up(DatabaseName database) {
        scene.done(new SchemaOperation.MigrateUp(database, Optional.empty()));
    }

    private ProblemCode upFails(DatabaseName database) {
        return scene.failed(new SchemaOperation.MigrateUp(database, Optional.empty()))
                .code();
    }

    private void resolve(DatabaseName database, String migration, Standing standing) {
        scene.done(new SchemaOperation.MigrateResolve(database, migration, standing));
    }

    private String prisma(DatabaseName database, int code, String... words) {
        Prisma.Answer answer = prisma.migrate(scene.url(database), words);
        assertThat(answer.code()).as(answer.text()).isEqualTo(code);
        return answer.text();
    }

    private void assertSameHistory() {
        assertThat(scene.ask(OURS, HISTORY)).isEqualTo(scene.ask(THEIRS, HISTORY));
    }

    @Test
    void the_same_files_give_the_same_history_and_each_finds_nothing_to_do_in_the_others() {
        prisma.file("3_index/migration.sql", "create index concurrently users_id on users (id)");

        up(OURS);
        prisma(THEIRS, 0, "deploy");

        assertThat(scene.ask(OURS, SHAPE)).isEqualTo(scene.ask(THEIRS, SHAPE));
        assertSameHistory();
        assertThat(prisma(OURS, 0, "status")).contains("Database schema is up to date!");
        assertThat(status(THEIRS)).containsExactly("1_users applied", "2_orders applied", "3_index applied");

        prisma.file("3_index/down.sql", "drop index concurrently users_id");
        scene.done(new SchemaOperation.MigrateDown(OURS, 2));
        assertThat(prisma(OURS, 1, "status")).contains("have not yet been applied:\n2_orders\n3_index");
        assertThat(prisma(OURS, 0, "deploy")).contains("3_index");
        assertSameHistory();
        // The other line ends are the same file, to both.
        prisma.file("1_users/migration.sql", "create table users (id int);\ninsert into users values (1), (1);\n");
        assertThat(status(OURS)).contains("1_users applied");
    }

    @Tag("soak")
    @ParameterizedTest
    @ValueSource(ints = {17, 18})
    void so_it_is_on_newer_servers(int major) {
        scene.close();
        open(major);
        the_same_files_give_the_same_history_and_each_finds_nothing_to_do_in_the_others();
    }

    @Test
    @Tag("soak")
    void what_failed_in_one_has_failed_in_the_other_until_either_is_told_how_it_stands() {
        up(OURS);
        prisma(THEIRS, 0, "deploy");
        prisma.file("3_bad/migration.sql", "create unique index twice on users (id);");

        assertThat(upFails(OURS)).isEqualTo(ProblemCode.MIGRATION_FAILED);
        prisma(THEIRS, 1, "deploy");

        assertSameHistory();
        assertThat(prisma(OURS, 1, "status"))
                .contains("Following migration have failed")
                .contains("3_bad");
        assertThat(prisma(OURS, 1, "deploy")).contains("P3009");
        assertThat(rows(THEIRS).getLast().note())
                .contains("it was written down: external connector error Unique constraint failed: (id)")
                .doesNotContain("schema_commands");
        assertThat(upFails(THEIRS)).isEqualTo(ProblemCode.MIGRATIONS_DIVERGED);
        prisma(OURS, 0, "resolve", "--rolled-back", "3_bad");
        resolve(THEIRS, "3_bad", Standing.ROLLED_BACK);
        assertSameHistory();
        prisma.file("3_bad/migration.sql", "create index once on users (id);");
        up(OURS);
        prisma(THEIRS, 0, "deploy");
        assertSameHistory();
    }

    @Tag("soak")
    @Test
    void what_is_done_by_hand_is_resolved_alike_and_so_is_a_baseline() {
        scene.execute(OURS, "create table users (id int); create table orders (id int)");
        scene.execute(THEIRS, "create table users (id int); create table orders (id int)");
        assertThat(upFails(OURS)).isEqualTo(ProblemCode.MIGRATIONS_DIVERGED);
        assertThat(prisma(THEIRS, 1, "deploy")).contains("P3005");
        scene.done(new SchemaOperation.MigrateBaseline(OURS, "1_users"));
        prisma(THEIRS, 0, "resolve", "--applied", "1_users");
        assertSameHistory();

        assertThat(upFails(OURS)).isEqualTo(ProblemCode.MIGRATION_FAILED);
        prisma(THEIRS, 1, "deploy");
        resolve(OURS, "2_orders", Standing.APPLIED);
        prisma(THEIRS, 0, "resolve", "--applied", "2_orders");

        assertSameHistory();
        assertThat(status(THEIRS)).containsExactly("1_users applied", "2_orders applied");
        assertThat(prisma(OURS, 0, "status")).contains("up to date");
    }

    @Tag("soak")
    @Test
    void both_take_the_same_lock() {
        try (Session other = scene.session(OURS)) {
            other.query("select pg_advisory_lock($1::bigint)", "" + new PrismaHistory("public").lock());

            assertThat(prisma(OURS, 1, "deploy")).contains("P1002");
            assertThat(upFails(OURS)).isEqualTo(ProblemCode.TARGET_BUSY);
        }
        up(OURS);
    }
}
