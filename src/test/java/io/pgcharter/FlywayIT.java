package io.pgcharter;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.pgcharter.model.id.DatabaseName;
import io.pgcharter.model.operation.SchemaOperation;
import io.pgcharter.model.operation.SchemaOperation.MigrateResolve.Standing;
import io.pgcharter.model.operation.SchemaReport;
import io.pgcharter.model.problem.ProblemCode;
import io.pgcharter.platform.history.FlywayHistory;
import io.pgcharter.platform.postgres.PostgresUrl;
import io.pgcharter.platform.postgres.Session;
import io.pgcharter.platform.sandbox.TestServers;
import io.pgcharter.platform.state.UnixSocketFactory;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.flywaydb.core.Flyway;
import org.flywaydb.core.api.FlywayException;
import org.flywaydb.core.api.configuration.FluentConfiguration;
import org.flywaydb.database.postgresql.PostgreSQLConfigurationExtension;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// What Flyway itself makes of the history that we write, and we of its own.
@Timeout(120)
class FlywayIT {
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
              ours: { layout: flyway, path: m, databases: [shop] }
              theirs: { layout: flyway, path: m, databases: [copy] }
            state: { url: "${env:STATE}" }
            """;

    /// Everything but who, when and how long.
    private static final String HISTORY = """
            select string_agg(concat_ws('|', installed_rank, coalesce(version, 'NULL'), description, type, script,
              coalesce(checksum::text, 'NULL'), installed_by, success), E'\\n' order by installed_rank)
            from flyway_schema_history""";

    private static final String SHAPE = """
            select string_agg(line, E'\\n' order by line) from (
              select concat_ws('|', attname, format_type(atttypid, atttypmod), attnotnull,
                (select pg_get_expr(adbin, adrelid) from pg_attrdef where adrelid = attrelid and adnum = attnum)) as line
              from pg_attribute where attrelid = 'flyway_schema_history'::regclass and attnum > 0
              union all select pg_get_indexdef(indexrelid) from pg_index where indrelid = 'flyway_schema_history'::regclass
              union all select conname || pg_get_constraintdef(oid) from pg_constraint
              where conrelid = 'flyway_schema_history'::regclass) lines""";

    private static String state;

    private Scene scene;

    @BeforeAll
    static void shareTheControlDatabase() {
        state = Scene.text(TestServers.fresh(18));
    }

    private void open(int major) {
        scene = new Scene(TestServers.fresh(major), TestServers.fresh(major), CHARTER);
        scene.variables.put("STATE", state);
        file("V1__users.sql", "create table users (id int);\r\ninsert into users values (1), (1);\n");
        file("V1_1__Add_orders.sql", "\uFEFFcreate table orders (note text default 'a;b');");
        file("late/V002__index.sql", "create index concurrently users_id on users (id);");
        file("R__views_of_all.sql", "create or replace view v as select * from users;");
        file("U002__index.sql", "drop index concurrently users_id;");
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

    private void remove(String name) throws IOException {
        Files.delete(scene.directory.resolve("m").resolve(name));
    }

    private FluentConfiguration configuration(DatabaseName database) {
        PostgresUrl url = scene.url(database);
        FluentConfiguration configuration = Flyway.configure()
                .dataSource(
                        "jdbc:postgresql://localhost/" + url.database() + "?sslmode=disable&socketFactory="
                                + UnixSocketFactory.class.getName() + "&socketFactoryArg=" + url.host() + "/.s.PGSQL."
                                + url.port(),
                        url.user(),
                        "")
                .locations("filesystem:" + scene.directory.resolve("m"))
                .failOnMissingLocations(true);
        // With its default, Flyway waits for itself at CREATE INDEX CONCURRENTLY.
        configuration
                .getPluginRegister()
                .getExact(PostgreSQLConfigurationExtension.class)
                .setTransactionalLock(false);
        return configuration;
    }

    private Flyway flyway(DatabaseName database) {
        return configuration(database).load();
    }

    /// Version or description, and state, as Flyway sees them.
    private List<String> info(DatabaseName database) {
        return Arrays.stream(flyway(database).info().all())
                .map(info ->
                        (info.getVersion() == null ? info.getDescription() : info.getVersion()) + " " + info.getState())
                .toList();
    }

    private List<String> status(DatabaseName database) {
        return ((SchemaReport.MigrateStatus) scene.done(new SchemaOperation.MigrateStatus(database)))
                .rows().stream().map(row -> row.name() + " " + row.standing()).toList();
    }

    private String note(DatabaseName database, String migration) {
        return ((SchemaReport.MigrateStatus) scene.done(new SchemaOperation.MigrateStatus(database)))
                .rows().stream()
                        .filter(row -> row.name().equals(migration))
                        .map(SchemaReport.MigrationRow::note)
                        .findFirst()
                        .orElseThrow();
    }

    private void up(DatabaseName database) {
        scene.done(new SchemaOperation.MigrateUp(database, Optional.empty()));
    }

    @ParameterizedTest
    @ValueSource(ints = {15, 18})
    void the_same_files_give_the_same_history_and_each_finds_nothing_to_do_in_the_others(int major) {
        open(major);

        up(OURS);
        flyway(THEIRS).migrate();

        assertThat(scene.ask(OURS, SHAPE)).isEqualTo(scene.ask(THEIRS, SHAPE));
        assertThat(scene.ask(OURS, HISTORY)).isEqualTo(scene.ask(THEIRS, HISTORY));
        assertThat(info(OURS)).containsExactly("1 SUCCESS", "1.1 SUCCESS", "002 SUCCESS", "views of all SUCCESS");
        assertThat(flyway(OURS).validateWithResult().validationSuccessful).isTrue();
        assertThat(flyway(OURS).migrate().migrationsExecuted).isZero();
        assertThat(status(THEIRS)).containsExactly("1 applied", "1.1 applied", "2 applied", "R__views_of_all applied");

        file("V3__more.sql", "alter table users add more int;");
        file("R__views_of_all.sql", "create or replace view v as select id from users;");
        up(THEIRS);
        flyway(OURS).migrate();
        assertThat(scene.ask(OURS, HISTORY)).isEqualTo(scene.ask(THEIRS, HISTORY));
        assertThat(flyway(THEIRS).validateWithResult().validationSuccessful).isTrue();
        assertThat(status(OURS)).containsExactlyElementsOf(status(THEIRS)).doesNotContain("3 pending");
    }

    @Test
    void what_failed_in_one_has_failed_in_the_other_until_either_is_told_that_it_is_gone() {
        open(18);
        up(OURS);
        flyway(THEIRS).migrate();
        file("V3__unique.sql", "create unique index concurrently twice on users (id);");

        assertThat(scene.failed(new SchemaOperation.MigrateUp(OURS, Optional.empty()))
                        .code())
                .isEqualTo(ProblemCode.MIGRATION_FAILED);
        assertThatThrownBy(() -> flyway(THEIRS).migrate()).isInstanceOf(FlywayException.class);

        assertThat(info(OURS)).contains("3 FAILED");
        assertThatThrownBy(() -> flyway(OURS).validate())
                .hasMessageContaining("Detected failed migration to version 3");
        assertThat(status(THEIRS)).contains("3 failed");
        scene.execute(OURS, "drop index twice; delete from users");
        scene.execute(THEIRS, "drop index twice; delete from users");
        flyway(OURS).repair();
        scene.done(new SchemaOperation.MigrateResolve(THEIRS, "3", Standing.ROLLED_BACK));
        assertThat(scene.ask(OURS, HISTORY)).isEqualTo(scene.ask(THEIRS, HISTORY));
        up(OURS);
        flyway(THEIRS).migrate();
        assertThat(scene.ask(OURS, HISTORY)).isEqualTo(scene.ask(THEIRS, HISTORY));
    }

    @Test
    void edited_missing_and_undone_ones_are_seen_alike() throws IOException {
        open(18);
        up(OURS);
        file("U002__index.sql", "vacuum users; drop index concurrently nothing;");
        scene.failed(new SchemaOperation.MigrateDown(OURS, 1));
        assertThat(info(OURS)).contains("002 FAILED");
        assertThat(note(OURS, "2")).contains("undoing it was begun").contains("the first 1 were carried out");
        scene.done(new SchemaOperation.MigrateResolve(OURS, "2", Standing.APPLIED));
        file("U002__index.sql", "drop index concurrently users_id;");
        scene.done(new SchemaOperation.MigrateDown(OURS, 1));
        assertThat(info(OURS)).contains("002 PENDING");
        flyway(OURS).migrate();
        flyway(THEIRS).migrate();
        file("V1__users.sql", "create table users (id bigint);");
        remove("V1_1__Add_orders.sql");
        assertThat(status(OURS)).contains("1 edited", "1.1 missing");
        assertThatThrownBy(() -> flyway(OURS).validate()).isInstanceOf(FlywayException.class);

        flyway(THEIRS).repair();
        scene.done(new SchemaOperation.MigrateResolve(OURS, "1", Standing.APPLIED));
        scene.done(new SchemaOperation.MigrateResolve(OURS, "1.1", Standing.ROLLED_BACK));

        assertThat(flyway(OURS).validateWithResult().validationSuccessful).isTrue();
        assertThat(info(OURS)).contains("1.1 DELETED");
        assertThat(status(THEIRS)).containsExactly("1 applied", "2 applied", "R__views_of_all applied");
        assertThat(status(OURS)).containsExactlyInAnyOrderElementsOf(status(THEIRS));
    }

    @Test
    void a_baseline_of_one_holds_for_the_other() {
        open(18);
        scene.execute(OURS, "create table users (id int)");
        scene.execute(THEIRS, "create table users (id int)");
        assertThat(scene.failed(new SchemaOperation.MigrateUp(OURS, Optional.empty()))
                        .remedy())
                .contains("migrate baseline");

        scene.done(new SchemaOperation.MigrateBaseline(OURS, "1"));
        configuration(THEIRS).baselineVersion("1").load().baseline();

        assertThat(scene.ask(OURS, HISTORY)).isEqualTo(scene.ask(THEIRS, HISTORY));
        flyway(OURS).migrate();
        up(THEIRS);
        assertThat(scene.ask(OURS, HISTORY)).isEqualTo(scene.ask(THEIRS, HISTORY));
        assertThat(flyway(THEIRS).validateWithResult().validationSuccessful).isTrue();
    }

    @Test
    void a_baseline_file_starts_an_empty_database_in_either() {
        open(18);
        file("B1_1__start.sql", "create table users (id int); create table orders ();");

        up(OURS);
        flyway(THEIRS).migrate();

        assertThat(scene.ask(OURS, HISTORY)).isEqualTo(scene.ask(THEIRS, HISTORY));
        assertThat(flyway(OURS).validateWithResult().validationSuccessful).isTrue();
        assertThat(flyway(OURS).migrate().migrationsExecuted).isZero();
        assertThat(status(THEIRS)).doesNotContain("2 pending");
    }

    @Test
    void both_take_the_same_lock() {
        open(18);
        try (Session other = scene.session(OURS)) {
            other.query("select pg_advisory_lock($1::bigint)", "" + new FlywayHistory("public").lock());

            assertThatThrownBy(
                            () -> configuration(OURS).lockRetryCount(0).load().migrate())
                    .hasMessageContaining("advisory lock");
        }
        flyway(OURS).migrate();
        assertThat(status(OURS)).contains("2 applied");
    }
}
