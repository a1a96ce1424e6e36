package io.pgcharter;

import static org.assertj.core.api.Assertions.assertThat;

import io.pgcharter.platform.catalog.CatalogReader;
import io.pgcharter.platform.postgres.PostgresUrl;
import io.pgcharter.platform.postgres.Session;
import io.pgcharter.platform.sandbox.TestServers;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

/// The migrations of the four services of `examples/poc3`. What its thresholds are for: ExamplesIT.
class Poc3IT {
    private static final List<String> SERVICES = List.of("auth", "payments", "admin", "profile");

    /// A directory instead of the bucket, a short watch, and a smoke query that a row can break.
    private static final Map<String, String> DIFFERENCES = Map.of(
            "s3: { bucket: poc3-backups, region: eu-central-1, access-key: \"${env:S3_ACCESS_KEY}\","
                    + " secret-key: \"${env:S3_SECRET_KEY}\" }",
            "path: \"${env:PGCHARTER_REPOSITORY}/cloud\"",
            "watch: 1h",
            "watch: 1s",
            "amount < 0",
            "amount > 1000000");

    private final Map<String, PostgresUrl> databases = databases();
    private final ExampleScene scene = new ExampleScene("poc3", variables(databases), DIFFERENCES);

    private static Map<String, PostgresUrl> databases() {
        Map<String, PostgresUrl> databases = new HashMap<>();
        SERVICES.forEach(service -> {
            databases.put(service, TestServers.fresh(15));
            databases.put(service + "-staging", TestServers.fresh(15));
        });
        return databases;
    }

    private static Map<String, PostgresUrl> variables(Map<String, PostgresUrl> databases) {
        Map<String, PostgresUrl> variables = new HashMap<>();
        databases.forEach(
                (name, url) -> variables.put(name.toUpperCase(Locale.ROOT).replace('-', '_') + "_DATABASE_URL", url));
        return variables;
    }

    @AfterEach
    void close() {
        scene.close();
    }

    private String catalog(String database) {
        try (Session session = Session.open(databases.get(database), "test")) {
            return CatalogReader.read(session).fingerprint();
        }
    }

    private static List<Path> files(String service) {
        try (Stream<Path> files = Files.walk(Path.of("examples/poc3/services", service, "prisma/migrations"))) {
            return files.filter(file -> file.toString().endsWith(".sql")).toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    // ---- P2, P12

    @Test
    void production_gets_what_staging_has_and_prisma_finds_nothing_to_do() {
        for (String service : SERVICES) {
            assertThat(scene.commands().ends(1, "migrate", "up", service, "--confirm", service))
                    .contains("MIGRATION_UNTRIED");
            scene.commands().done("migrate", "up", service + "-staging");
            assertThat(scene.commands().ends(4, "migrate", "up", service)).contains(service);
            scene.commands().done("migrate", "up", service, "--confirm", service);

            assertThat(catalog(service)).isEqualTo(catalog(service + "-staging"));
        }
        try (Prisma prisma = Prisma.project()) {
            for (Path file : files("payments")) {
                Path directory = file.getParent();
                prisma.file(directory.getFileName() + "/" + file.getFileName(), read(file));
            }
            Prisma.Answer answer = prisma.migrate(databases.get("payments"), "status");

            assertThat(answer.text()).contains("4 migrations found", "Database schema is up to date!");
            assertThat(answer.code()).isZero();
        }
    }

    @Test
    void payments_are_released_as_the_plan_says_or_the_backup_takes_their_place() {
        String init = "20260105090000_init";
        for (String database : List.of("payments-staging", "payments")) {
            scene.commands().done("migrate", "up", database, "--to", init, "--confirm", database);
        }
        change(
                "insert into payments (user_id, amount, currency) select i % 100, i, 'EUR' from generate_series(1, 2000) i");
        String before = catalog("payments");
        for (String repository : List.of("onsite", "cloud")) {
            scene.commands().done("repository", "init", repository);
        }
        scene.commands().done("backup", "payments");
        assertThat(scene.commands().ends(1, "rehearse", "payments")).contains("pgcharter verify payments");
        scene.commands().done("verify", "payments");
        assertThat(release(1)).contains("MIGRATION_UNTRIED");
        scene.commands().done("migrate", "up", "payments-staging");
        assertThat(release(1)).contains("REHEARSAL_MISSING");
        scene.commands().done("rehearse", "payments");

        // What no rehearsal can know: a row that came later breaks the smoke query.
        change("insert into payments (user_id, amount, currency) values (1, 1000001, 'EUR')");
        assertThat(release(1)).contains("RELEASE_ROLLED_BACK");
        assertThat(catalog("payments")).isEqualTo(before);
        assertThat(count()).isEqualTo(2001);
        assertThat(scene.commands().ends(0, "migrate", "status", "payments")).contains("pending");

        change("delete from payments where amount > 1000000");
        String done = release(0);
        assertThat(done).contains("pinned", "backup", "closed", "applied", "verified", "opened", "watched", "ended");
        assertThat(catalog("payments")).isEqualTo(catalog("payments-staging"));
        assertThat(count()).isEqualTo(2000);
    }

    private String release(int code) {
        return scene.commands().ends(code, "release", "payments", "--confirm", "payments");
    }

    private void change(String sql) {
        try (Session session = Session.open(databases.get("payments"), "test")) {
            session.execute(sql);
        }
    }

    private long count() {
        try (Session session = Session.open(databases.get("payments"), "test")) {
            return session.query("select count(*) from payments").getFirst().number(0);
        }
    }

    private static String read(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Test
    void every_migration_goes_back_to_what_was_before_it() {
        for (String service : SERVICES) {
            String staging = service + "-staging";
            long count = files(service).stream()
                    .filter(file -> file.endsWith("migration.sql"))
                    .count();
            scene.commands().done("migrate", "up", staging);
            String all = catalog(staging);
            scene.commands().done("migrate", "down", staging, "--count", Long.toString(count));
            assertThat(tables(staging)).isEqualTo("_prisma_migrations");
            scene.commands().done("migrate", "up", staging);

            assertThat(catalog(staging)).isEqualTo(all);
        }
    }

    private String tables(String database) {
        try (Session session = Session.open(databases.get(database), "test")) {
            return session.query("select string_agg(relname, ' ') from pg_class"
                            + " where relnamespace = 'public'::regnamespace and relkind = 'r'")
                    .getFirst()
                    .string(0);
        }
    }

    @Test
    void no_migration_breaks_a_rule_of_lint() {
        for (String service : SERVICES) {
            JsonNode report = scene.report("lint", service);
            assertThat(report.path("files").asInt()).isGreaterThan(1);
            assertThat(report.path("findings")
                            .valueStream()
                            .filter(finding ->
                                    finding.path("severity").asString().equals("ERROR")))
                    .as(service)
                    .isEmpty();
        }
    }
}
