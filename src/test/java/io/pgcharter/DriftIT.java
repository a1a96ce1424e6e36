package io.pgcharter;

import static org.assertj.core.api.Assertions.assertThat;

import io.pgcharter.model.migration.Layout;
import io.pgcharter.platform.postgres.PostgresUrl;
import io.pgcharter.platform.postgres.Session;
import io.pgcharter.platform.sandbox.TestServers;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Databases compared with what their own migrations make.
@Timeout(120)
class DriftIT {
    private final Path directory = TestServers.directory();
    private final PostgresUrl database = TestServers.fresh(16);
    private final Map<String, String> variables = new HashMap<>();
    private Commands commands;

    private record Ran(int code, String printed) {}

    private Ran ran(String... words) {
        int code = commands.run(words);
        return new Ran(code, commands.printed());
    }

    private void execute(String sql) {
        try (Session session = Session.open(database, "test")) {
            session.execute(sql);
        }
    }

    private void file(String name, String text) throws IOException {
        Files.createDirectories(directory.resolve("sql"));
        Files.writeString(directory.resolve("sql").resolve(name), text);
    }

    @BeforeEach
    void charter() throws IOException {
        variables.put("PGCHARTER_CHARTER", directory.resolve("charter.yaml").toString());
        variables.put("STATE", Scene.text(TestServers.fresh(16)));
        variables.put("PAY", Scene.text(database));
        commands = new Commands(variables);
        file("0001_items.up.sql", "create table items (id int primary key, name text)");
        file(
                "0002_more.up.sql",
                "create index concurrently by_name on items (name);\ncreate view large as select * from items;");
        charter("plain");
    }

    private void charter(String layout) throws IOException {
        Files.writeString(directory.resolve("charter.yaml"), """
                charter: 1
                environments: { development: {} }
                databases:
                  pay: { environment: development, url: "${env:PAY}" }
                migrations:
                  pay: { layout: LAYOUT, path: sql, databases: [pay] }
                state: { url: "${env:STATE}", directory: s }
                """.replace("LAYOUT", layout));
    }

    @Test
    void a_database_is_compared_with_what_its_migrations_make() throws IOException {
        assertThat(ran("migrate", "up", "pay").code()).isZero();
        file("0003_later.up.sql", "create table later (a int)");

        Ran same = ran("schema", "drift", "pay");

        assertThat(same.printed()).contains("the schema of pay is that of its migrations");
        assertThat(same.code()).isZero();
        execute("alter table items add patched int; drop index by_name");
        Ran drifted = ran("schema", "drift", "pay");
        assertThat(drifted.code()).isEqualTo(1);
        assertThat(drifted.printed())
                .contains(
                        "+ column public.items.patched",
                        "- index public.by_name",
                        "pay has drifted from its migrations")
                .doesNotContain("later", "pgcharter_");
    }

    @Test
    void an_extension_that_an_administrator_made_is_there_for_the_migrations_too() throws IOException {
        execute("create schema tools; create extension pgcrypto schema tools");
        file("0003_hash.up.sql", "create view hashed as select tools.digest(name, 'sha256') as h from items");
        assertThat(ran("migrate", "baseline", "pay", "--to", "0001_items").code())
                .as("it is not empty, and has no history")
                .isZero();
        execute("create table items (id int primary key, name text)");
        assertThat(ran("migrate", "up", "pay").code()).isZero();

        Ran same = ran("schema", "drift", "pay");

        assertThat(same.printed()).contains("the schema of pay is that of its migrations");
        assertThat(same.code()).isZero();
    }

    @Test
    void so_it_is_in_prismas_layout_and_on_another_server() throws IOException {
        drifts(Layout.PRISMA, 18);
    }

    @Tag("soak")
    @Test
    void so_it_is_in_flyways_layout_and_on_another_server() throws IOException {
        drifts(Layout.FLYWAY, 17);
    }

    private void drifts(Layout layout, int major) throws IOException {
        PostgresUrl other = TestServers.fresh(major);
        variables.put("PAY", Scene.text(other));
        commands = new Commands(variables);
        Map<String, String> files = layout == Layout.FLYWAY
                ? Map.of(
                        "V1__items.sql",
                        "create table items (id int primary key, name text)",
                        "V2__by_name.sql",
                        "create index concurrently by_name on items (name)",
                        "R__large.sql",
                        "create or replace view large as select * from items",
                        "U2__by_name.sql",
                        "drop index by_name",
                        "V3__later.sql",
                        "create table later (a int)")
                : Map.of(
                        "migration_lock.toml",
                        "provider = \"postgresql\"\n",
                        "1_items/migration.sql",
                        "create table items (id int primary key, name text); create view large as select * from items",
                        "2_by_name/migration.sql",
                        "create index concurrently by_name on items (name)",
                        "3_later/migration.sql",
                        "create table later (a int)");
        String last = layout == Layout.FLYWAY ? "2" : "2_by_name";
        for (Map.Entry<String, String> each : files.entrySet()) {
            Path file = directory.resolve("others").resolve(each.getKey());
            Files.createDirectories(file.getParent());
            Files.writeString(file, each.getValue());
        }
        charter(layout.name().toLowerCase(Locale.ROOT));
        Path charter = directory.resolve("charter.yaml");
        Files.writeString(charter, Files.readString(charter).replace("path: sql", "path: others"));
        assertThat(ran("migrate", "up", "pay", "--to", last).code())
                .as(commands::printed)
                .isZero();
        if (layout == Layout.FLYWAY) {
            // Repeatable ones come last; so the last versioned one has to be there, too.
            assertThat(ran("migrate", "up", "pay").code()).as(commands::printed).isZero();
        }

        Ran same = ran("schema", "drift", "pay");

        assertThat(same.printed()).contains("the schema of pay is that of its migrations");
        assertThat(same.code()).isZero();
        try (Session session = Session.open(other, "test")) {
            session.execute("drop view large; create view large as select id from items; alter table items drop name");
        }
        Ran drifted = ran("schema", "drift", "pay");
        assertThat(drifted.code()).isEqualTo(1);
        assertThat(drifted.printed())
                .contains("- column public.items.name", "- index public.by_name", "~ view public.large")
                .doesNotContain("flyway", "prisma", "pgcharter_");
    }

    @ParameterizedTest
    @ValueSource(strings = {"no history", "changed", "missing", "cannot be carried out"})
    void what_cannot_be_known_is_said_and_is_not_no_drift(String trouble) throws IOException {
        if (trouble.equals("cannot be carried out")) {
            execute("create schema other; create table other.source (a int)");
            file("0003_needs.up.sql", "\ncreate view needing as select * from other.source");
        }
        if (!trouble.equals("no history")) {
            assertThat(ran("migrate", "up", "pay").code()).isZero();
        }
        String cause = "0002_more";
        switch (trouble) {
            case "changed" -> file("0002_more.up.sql", "select 1");
            case "missing" -> Files.delete(directory.resolve("sql/0002_more.up.sql"));
            case "no history" -> cause = "it has no history";
            default -> cause = "0003_needs.up.sql:2 fails";
        }

        Ran unknown = ran("schema", "drift", "pay");

        assertThat(unknown.printed()).contains("SCHEMA_UNPROVEN", "is not known", cause);
        assertThat(unknown.code()).isEqualTo(1);
    }
}
