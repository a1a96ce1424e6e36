package io.pgcharter;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assumptions.assumeThat;

import io.pgcharter.model.operation.Operation;
import io.pgcharter.model.operation.QuietRun;
import io.pgcharter.model.operation.Report;
import io.pgcharter.model.problem.Problem;
import io.pgcharter.model.problem.ProblemCode;
import io.pgcharter.model.problem.ProblemException;
import io.pgcharter.model.schema.Catalog;
import io.pgcharter.model.schema.Difference;
import io.pgcharter.platform.catalog.CatalogReader;
import io.pgcharter.platform.dump.DumpWriter;
import io.pgcharter.platform.dump.LiveSource;
import io.pgcharter.platform.dump.Manifest;
import io.pgcharter.platform.dump.RowForm;
import io.pgcharter.platform.dump.SchemaTexts;
import io.pgcharter.platform.postgres.PostgresUrl;
import io.pgcharter.platform.postgres.SchemaDump;
import io.pgcharter.platform.postgres.Session;
import io.pgcharter.platform.process.Program;
import io.pgcharter.platform.sandbox.PostgresBinaries;
import io.pgcharter.platform.sandbox.Sandboxes;
import io.pgcharter.platform.sandbox.TestServers;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Backups and copies without a `pg_dump`: their schema is written by pgcharter, and is what it was when it is back.
@Timeout(120)
class OwnSchemaIT {
    private static final String ROWS = """
            set session_replication_role = replica; drop index app.unfinished;
            insert into app.customers (name, note) select 'c' || i, 'n;' || i from generate_series(1, 50) i;
            insert into app.orders (customer, at) select 100 + i % 50, date '2026-01-01' + i from generate_series(1, 80) i;
            insert into "Tangle d".keyed select i, 'k', null from generate_series(1, 20) i;
            insert into "Tangle d".parted select i, date '2025-12-20' + i, i from generate_series(1, 20) i;
            insert into "Tangle d"."a;b -- c" values (e'x\\ty', '{3}', null);
            refresh materialized view app.totals; refresh materialized view "Tangle d".kept;
            select lo_from_bytea(0, 'large'); select nextval('app.counter')""";

    private static final SchemaDump NONE = new SchemaDump(Path.of("/nowhere"), "");

    private static String resource(String name) {
        try (InputStream stream = OwnSchemaIT.class.getResourceAsStream("/io/pgcharter/schema/" + name)) {
            return new String(Objects.requireNonNull(stream).readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static PostgresUrl hard(int major) {
        PostgresUrl url = TestServers.fresh(major);
        try (Session session = Session.open(url, "test")) {
            session.execute(resource("every-kind.sql"));
            session.execute(resource("tangled.sql"));
            session.execute(ROWS);
        }
        return url;
    }

    private static Catalog catalog(PostgresUrl url) {
        try (Session session = Session.open(url, "test")) {
            return CatalogReader.read(session);
        }
    }

    @Test
    void a_hard_schema_is_backed_up_proven_and_restored_as_it_was() {
        assertBackedUp(18, hard(18));
    }

    @ParameterizedTest
    @ValueSource(ints = {16, 17})
    @Tag("soak")
    void so_is_one_of_the_other_majors(int major) {
        assertBackedUp(major, hard(major));
    }

    /// 520 tables of every shape, and what hangs on them. A machine with a `pg_dump` for the major does it without
    /// the parts around it.
    @ParameterizedTest
    @ValueSource(ints = {14, 15, 16, 17, 18})
    @Tag("soak")
    @Timeout(600)
    void so_is_a_large_one(int major) throws IOException {
        PostgresUrl shop = TestServers.fresh(major);
        try (Session session = Session.open(shop, "test")) {
            session.execute(resource("large.sql").replace("COUNT", "520"));
        }
        if (SchemaDump.ofThisMachine().majorFor(major).isPresent()) {
            requireEqual(shop, restored(shop, major));
        } else {
            assertBackedUp(major, shop);
        }
    }

    private static void assertBackedUp(int major, PostgresUrl shop) {
        assumeThat(SchemaDump.ofThisMachine().majorFor(major).isPresent())
                .as("this machine has a pg_dump for " + major)
                .isFalse();
        try (Scene scene = new Scene(shop, TestServers.fresh(major))) {
            scene.done(new Operation.RepositoryInit(Scene.VAULT));

            Report.Backup backup = scene.backup();

            assertThat(scene.verify(backup.backup()).rowCount()).isEqualTo(backup.rowCount());
            scene.done(new Operation.Restore(
                    backup.backup(), Scene.VAULT, Scene.SHOP, Scene.COPY, List.of(), Optional.empty()));
            requireEqual(shop, scene.url(Scene.COPY));
        }
    }

    /// By the way back that needs nothing of ours; and `pg_dump` itself sees no difference.
    @ParameterizedTest
    @ValueSource(ints = {14, 15})
    void what_it_writes_is_to_pg_dump_the_same_database(int major) throws IOException {
        PostgresUrl shop = hard(major);

        PostgresUrl restored = restored(shop, major);

        requireEqual(shop, restored);
        assertThat(dumped(restored)).isEqualTo(dumped(shop));
    }

    /// Written into a directory, and loaded from there as somebody without pgcharter would.
    private static PostgresUrl restored(PostgresUrl shop, int major) throws IOException {
        Path directory = TestServers.directory();
        Manifest manifest;
        try (LiveSource source = LiveSource.open(
                shop, new SchemaTexts(NONE, sandboxes(TestServers.binaries())), RowForm.TEXT, new QuietRun())) {
            manifest =
                    new DumpWriter(source, (path, _) -> file(directory.resolve(path)), new QuietRun()).write(2, "test");
        }
        PostgresUrl restored = TestServers.fresh(major);

        new Program(
                        List.of(
                                "sh",
                                directory.resolve("restore.sh").toString(),
                                "host=" + restored.host() + " port=" + restored.port() + " user=" + restored.user()
                                        + " dbname=" + restored.database()),
                        Map.of(),
                        Optional.empty(),
                        Duration.ofMinutes(1))
                .runOrThrow("look at the output");

        assertThat(manifest.schemaWriter()).contains("pgcharter");
        assertThat(Manifest.fromJson(manifest.toJson())).isEqualTo(manifest);
        return restored;
    }

    @Test
    void a_machine_with_neither_pg_dump_nor_server_of_the_version_says_so() {
        PostgresUrl shop = TestServers.fresh(14);
        Path nothing = TestServers.directory();
        SchemaTexts texts = new SchemaTexts(
                NONE, sandboxes(new PostgresBinaries(Path.of("/usr/lib/postgresql"), nothing, nothing)));

        assertThatThrownBy(() -> LiveSource.open(shop, texts, RowForm.TEXT, new QuietRun()))
                .isInstanceOfSatisfying(ProblemException.class, e -> {
                    assertThat(e.problem().code()).isEqualTo(ProblemCode.PROGRAM_MISSING);
                    assertThat(e.problem().remedy()).isEqualTo("apt install postgresql-client-14");
                });
    }

    @Test
    void what_cannot_be_written_ends_the_backup_and_nothing_is_kept() {
        PostgresUrl shop = TestServers.fresh(18);
        try (Session session = Session.open(shop, "test")) {
            session.execute("""
                    create table round (a int);
                    create function of_round(round) returns int language sql immutable as 'select $1.a';
                    alter table round add b int generated always as (of_round(null)) stored""");
        }
        try (Scene scene = new Scene(shop, TestServers.fresh(18))) {
            scene.done(new Operation.RepositoryInit(Scene.VAULT));

            Problem problem = scene.failed(new Operation.Backup(Scene.SHOP, Scene.VAULT));

            Traces.readsWell(problem);
            assertThat(problem.code()).isEqualTo(ProblemCode.SCHEMA_UNPROVEN);
            assertThat(problem.fact()).contains("public.round");
            assertThat(scene.backups()).isEmpty();
            Traces.vanish(TestServers.server(18));
        }
    }

    @Test
    void a_copy_needs_no_pg_dump_either() {
        PostgresUrl shop = TestServers.fresh(18);
        try (Session session = Session.open(shop, "test")) {
            session.execute("create table item (id int primary key, n text); insert into item values (1, 'one')");
        }
        try (Scene scene = new Scene(shop, TestServers.fresh(18))) {
            scene.done(new Operation.Copy(Scene.SHOP, Scene.COPY, false));

            requireEqual(shop, scene.url(Scene.COPY));
            assertThat(scene.ask(Scene.COPY, "select n from item where id = 1")).isEqualTo("one");
        }
    }

    private static Sandboxes sandboxes(PostgresBinaries binaries) {
        return new Sandboxes(binaries, TestServers.directory());
    }

    private static void requireEqual(PostgresUrl one, PostgresUrl other) {
        assertThat(Difference.between(catalog(one), catalog(other)).changes()).isEmpty();
    }

    /// Without the lines that are random.
    private static String dumped(PostgresUrl url) {
        return SchemaDump.ofThisMachine()
                .script(url, 15, SchemaDump.Request.whole())
                .replaceAll("(?m)^\\\\(un)?restrict .*$", "");
    }

    private static OutputStream file(Path path) {
        try {
            Files.createDirectories(path.getParent());
            return Files.newOutputStream(path);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
