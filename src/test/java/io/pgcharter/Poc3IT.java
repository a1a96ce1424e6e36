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

    private final Map<String, PostgresUrl> databases = databases();
    private final ExampleScene scene = new ExampleScene("poc3", variables(databases), Map.of());

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
