package io.pgcharter;

import static org.assertj.core.api.Assertions.assertThat;

import io.pgcharter.model.operation.LintFinding;
import io.pgcharter.platform.postgres.PostgresUrl;
import io.pgcharter.platform.postgres.Session;
import io.pgcharter.platform.sandbox.TestServers;
import io.pgcharter.policy.lint.Linted;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// The verb as it is typed, on real files and a real server; and the safe forms, executed.
class LintIT {
    /// Everything that constraints, indexes and columns of a table are, save where they lie.
    private static final String CATALOG = """
            select 'column ' || attname || ' ' || format_type(atttypid, atttypmod) || ' ' || attnotnull
              from pg_attribute where attrelid = 'parts'::regclass and attnum > 0
            union all
            select 'constraint ' || conname || ' ' || pg_get_constraintdef(oid) || ' ' || convalidated
              from pg_constraint where conrelid = 'parts'::regclass
            union all
            select 'index ' || pg_get_indexdef(indexrelid) || ' ' || indisvalid
              from pg_index where indrelid = 'parts'::regclass
            order by 1""";

    private static final String TABLES =
            "create table makers (id bigint primary key); create table parts (id bigint, name text, maker bigint)";

    private final Path directory = TestServers.directory();
    private final Map<String, String> variables = new HashMap<>();
    private PostgresUrl shop;
    private Commands commands;

    @BeforeEach
    void charter() throws IOException {
        shop = TestServers.fresh(15);
        variables.put("PGCHARTER_CHARTER", directory.resolve("charter.yaml").toString());
        variables.put("STATE", Scene.text(TestServers.fresh(15)));
        variables.put("SHOP", Scene.text(shop));
        commands = new Commands(variables);
        charter("");
    }

    private void charter(String more) throws IOException {
        Files.writeString(directory.resolve("charter.yaml"), """
                charter: 1
                environments: { development: {} }
                databases:
                  shop: { environment: development, url: "${env:SHOP}" }
                state: { url: "${env:STATE}", directory: s }
                migrations:
                  shop: { layout: prisma, path: migrations, databases: [shop] }
                %s
                """.formatted(more));
    }

    private void migration(String name, String sql) throws IOException {
        Path file = directory.resolve("migrations").resolve(name).resolve("migration.sql");
        Files.createDirectories(file.getParent());
        Files.writeString(file, sql);
    }

    /// What a command says on either stream.
    private String ran(int code, String... words) {
        assertThat(commands.run(words)).as(commands::printed).isEqualTo(code);
        return commands.printed();
    }

    private static JsonNode json(String out) {
        return JsonMapper.shared().readTree(out).path("report");
    }

    private static List<String> rules(JsonNode report) {
        return report.path("findings")
                .valueStream()
                .map(finding -> finding.path("rule").stringValue())
                .toList();
    }

    @Test
    void migrations_are_judged_in_their_order_and_an_error_fails() throws IOException {
        migration("20260102000000_key", "\ufeffALTER TABLE parts ALTER COLUMN name SET NOT NULL;\r\n");
        migration("20260101000000_parts", "CREATE TABLE parts (id bigint PRIMARY KEY, name text);\n");

        String human = ran(1, "lint", "shop");
        String machine = ran(1, "lint", "--json");

        assertThat(human)
                .contains("20260102000000_key/migration.sql:1:1: error set-not-null:", "why:", "safe:", "NOT VALID")
                .contains("2 files, 2 statements, for PostgreSQL 15: 1 error, 0 warnings, 1 notice");
        assertThat(rules(json(machine))).containsExactly("set-not-null", "missing-statement-timeout");
    }

    @Test
    void the_database_it_is_for_says_how_much_it_hurts() throws IOException {
        migration("1", "ALTER TABLE parts ALTER COLUMN name SET NOT NULL;\n");
        try (Session session = Session.open(shop, "test")) {
            session.execute(TABLES + "; insert into parts values (1, 'a', 1); analyze parts");
        }

        JsonNode report = json(ran(0, "lint", "shop", "--for", "shop", "--json"));

        assertThat(report.path("findings").path(0).path("severity").stringValue())
                .isEqualTo("NOTICE");
        assertThat(report.path("findings").path(0).path("message").stringValue())
                .contains("1 row, about 0.0 s");
    }

    @Test
    void many_rows_of_one_statement_are_no_traffic() throws IOException {
        migration("1", "CREATE INDEX ON parts (name);\n");
        try (Session session = Session.open(shop, "test")) {
            session.execute(
                    TABLES + "; insert into parts select n, 'a', 1 from generate_series(1, 300000) n; analyze parts");
        }

        JsonNode report = json(ran(1, "lint", "shop", "--for", "shop", "--json"));

        assertThat(report.path("findings").path(0).path("message").stringValue())
                .contains("300,000 rows, about 0.4 s")
                .doesNotContain("transactions wait");
    }

    @Test
    void what_the_database_has_already_is_no_risk() throws IOException {
        migration("1", "ALTER TABLE parts ALTER COLUMN name SET NOT NULL;\n");
        try (Session session = Session.open(shop, "test")) {
            session.execute(TABLES + "; alter table parts add check (name is not null);"
                    + " create domain \"odd one\" as text check (value <> ''); alter table parts add odd \"odd one\"");
        }

        assertThat(rules(json(ran(0, "lint", "shop", "--for", "shop", "--json"))))
                .isEmpty();
    }

    @Test
    void what_the_database_has_applied_is_learned_from_and_not_judged() throws IOException {
        migration("20260101000000_parts", "CREATE TABLE parts (id bigint PRIMARY KEY, name text, made timestamp);\n");
        ran(0, "migrate", "up", "shop", "--confirm", "shop");
        migration("20260102000000_key", "ALTER TABLE parts ALTER COLUMN name SET NOT NULL;\n");

        String human = ran(0, "lint", "shop", "--for", "shop");
        JsonNode report = json(ran(0, "lint", "shop", "--for", "shop", "--json"));

        assertThat(human).contains("1 migration is in 'shop' already", "--all judges it too", "1 file, 1 statement");
        assertThat(report.path("applied").intValue()).isEqualTo(1);
        assertThat(rules(report)).contains("set-not-null").doesNotContain("timestamp-without-zone");
        assertThat(report.path("findings").path(0).path("message").stringValue())
                .contains("0 rows");
        assertThat(rules(json(ran(0, "lint", "shop", "--for", "shop", "--all", "--json"))))
                .contains("timestamp-without-zone");
    }

    @Test
    void the_database_says_which_functions_differ_for_each_row() throws IOException {
        migration("1", """
                ALTER TABLE parts ADD COLUMN a int DEFAULT steady();
                ALTER TABLE parts ADD COLUMN b int DEFAULT fickle();
                ALTER TABLE parts ADD COLUMN c int DEFAULT either();
                ALTER TABLE parts ADD COLUMN d text DEFAULT quote_literal('x');
                """);
        try (Session session = Session.open(shop, "test")) {
            session.execute(TABLES + "; create function steady() returns int language sql stable as 'select 1';"
                    + " create function fickle() returns int language sql as 'select 1';"
                    + " create function either() returns int language sql stable as 'select 1';"
                    + " create function either(int) returns int language sql as 'select 1'");
        }

        assertThat(volatileDefaults("--for", "shop")).containsExactly(2, 3);
        assertThat(volatileDefaults()).containsExactly(1, 2, 3, 4);
    }

    /// The lines of the findings.
    private List<Integer> volatileDefaults(String... words) {
        commands.run(Stream.concat(Stream.of("lint", "shop", "--json"), Stream.of(words))
                .toArray(String[]::new));
        return json(commands.printed())
                .path("findings")
                .valueStream()
                .filter(finding -> finding.path("rule").stringValue().equals("add-column-volatile-default"))
                .map(finding -> finding.path("line").intValue())
                .toList();
    }

    @Test
    void classes_and_roles_are_asked_of_the_database_that_a_file_is_for() throws IOException {
        charter("""
                classification: { shop.parts.id: { class: internal } }
                roles: { reader: { grants: { tables: { shop.*: [select] } } } }
                """);
        migration("1", """
                CREATE TABLE parts (id bigint PRIMARY KEY, name text);
                DO $$ BEGIN
                  GRANT DELETE ON parts TO reader;
                END $$;
                """);
        Path loose = directory.resolve("loose.sql");
        Files.copy(directory.resolve("migrations/1/migration.sql"), loose);

        assertThat(ran(1, "lint", "shop"))
                .contains(
                        "1/migration.sql:1:44: error unclassified-column: no class in the charter for shop.parts.name",
                        "1/migration.sql:3:3: error grant-beyond-roles: reader may not hold DELETE on parts in shop");
        assertThat(ran(
                        1,
                        "lint",
                        directory.resolve("migrations/1/migration.sql").toString()))
                .contains("unclassified-column", "grant-beyond-roles");
        assertThat(ran(0, "lint", loose.toString())).contains("which database the files are for is not known");
        assertThat(ran(1, "lint", loose.toString(), "--for", "shop"))
                .contains("unclassified-column", "grant-beyond-roles");
    }

    @Test
    void the_charter_says_what_fails_and_what_is_not_asked() throws IOException {
        Path file = directory.resolve("new.sql");
        Files.writeString(file, "CREATE TABLE app.parts (name text);\n");

        charter("lint: { fail-on: warning }");
        ran(1, "lint", file.toString());
        charter("lint: { fail-on: warning, off: { no-primary-key: a log has none } }");
        ran(0, "lint", file.toString());
        charter("lint: { row-level-security: [\"a*\"] }");
        assertThat(ran(1, "lint", file.toString())).contains("row-level-security-missing");
        charter("lint: { off: { no-primary-keys: a log has none } }");
        assertThat(ran(1, "lint", file.toString())).contains("no-primary-keys", "no rule of lint");
    }

    @Test
    void other_programs_read_sarif_and_annotations() throws IOException {
        Path file = directory.resolve("new.sql");
        Files.writeString(file, "DROP TABLE parts;\n");

        JsonNode sarif = JsonMapper.shared().readTree(ran(0, "lint", file.toString(), "--sarif"));
        String github = ran(0, "lint", file.toString(), "--github");

        assertThat(sarif.path("runs")
                        .path(0)
                        .path("results")
                        .path(0)
                        .path("ruleId")
                        .stringValue())
                .isEqualTo("drop-table");
        assertThat(github).contains("::warning file=" + file + ",line=1,col=1,title=drop-table::");
    }

    @Test
    void a_file_that_is_missing_or_no_text_is_named() throws IOException {
        Path file = directory.resolve("latin.sql");
        Files.write(file, new byte[] {'s', (byte) 0xe9});

        assertThat(ran(1, "lint", file.toString())).contains("SQL_INVALID", "UTF-8");
        assertThat(ran(1, "lint", "nowhere.sql")).contains("NOT_FOUND", "nowhere.sql");
    }

    @Test
    void a_safe_form_ends_with_the_catalog_of_the_plain_one_and_has_no_errors_itself() throws IOException {
        List<String> naive = List.of(
                "CREATE INDEX parts_name ON parts (name)",
                "ALTER TABLE parts ADD FOREIGN KEY (maker) REFERENCES makers (id)",
                "ALTER TABLE parts ADD CONSTRAINT k FOREIGN KEY (maker) REFERENCES makers (id) ON DELETE CASCADE",
                "/* größe */ ALTER TABLE parts ADD CHECK (id > 0)",
                "ALTER TABLE parts ADD CHECK (id > maker)",
                "ALTER TABLE parts ADD CONSTRAINT \"Odd one\" CHECK (id > 0 AND name <> 'NOT VALID')",
                "ALTER TABLE parts ALTER COLUMN name SET NOT NULL",
                "ALTER TABLE parts ADD UNIQUE (name)",
                "ALTER TABLE parts ADD CONSTRAINT once UNIQUE NULLS NOT DISTINCT (name, id)",
                "ALTER TABLE parts ADD PRIMARY KEY (id)",
                "ALTER TABLE parts ADD CONSTRAINT pk PRIMARY KEY (id, name)");
        Path files = Files.createDirectory(directory.resolve("naive"));
        for (int number = 0; number < naive.size(); number++) {
            Files.writeString(files.resolve((char) ('a' + number) + ".sql"), naive.get(number) + ";\n");
        }
        Path safe = directory.resolve("safe");

        ran(1, "lint", files.toString(), "--fix", safe.toString());

        try (Session session = Session.open(shop, "test")) {
            for (int number = 0; number < naive.size(); number++) {
                List<String> steps = steps(safe, (char) ('a' + number) + "_");
                assertThat(steps).as(naive.get(number)).isNotEmpty();
                assertThat(catalog(session, steps)).isEqualTo(catalog(session, List.of(naive.get(number))));
                assertThat(Linted.findings(steps.toArray(String[]::new)))
                        .as(naive.get(number))
                        .extracting(LintFinding::severity)
                        .doesNotContain(LintFinding.Severity.ERROR);
            }
        }
        assertThat(ran(2, "lint", files.toString(), "--fix", safe.toString())).contains("is there already");
    }

    private static List<String> steps(Path directory, String prefix) throws IOException {
        List<String> steps = new ArrayList<>();
        try (Stream<Path> written = Files.list(directory)) {
            for (Path file : written.sorted().toList()) {
                if (file.getFileName().toString().startsWith(prefix)) {
                    steps.add(Files.readString(file));
                }
            }
        }
        return steps;
    }

    /// Each step by itself, as its file would be applied.
    private static List<String> catalog(Session session, List<String> steps) {
        session.execute("drop table if exists parts, makers");
        session.execute(TABLES);
        steps.forEach(session::execute);
        return session.query(CATALOG).stream().map(row -> row.string(0)).toList();
    }
}
