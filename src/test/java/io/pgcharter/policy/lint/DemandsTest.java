package io.pgcharter.policy.lint;

import static org.assertj.core.api.Assertions.assertThat;

import io.pgcharter.model.migration.Layout;
import io.pgcharter.model.operation.LintFinding;
import io.pgcharter.model.operation.LintFinding.Severity;
import io.pgcharter.policy.charter.Charter;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/// Classes of columns and what roles may hold, as a charter says them, against statements.
class DemandsTest {
    private static final String CLASSES = """
            classification:
              shop.*.id: { class: internal }
              shop.users.email: { class: confidential }
              shop.ledger.entries.*: { class: restricted }
            """;

    private static final String ROLES = """
            roles:
              app:
                member-of: [reader]
                grants:
                  tables: { shop.app_*: [insert, update], shop.ledger.*: [insert] }
                  sequences: { shop.*.*: [usage] }
                  schemas: { shop.ledger: [usage] }
              reader: { grants: { tables: { shop.*: [select] }, databases: { shop: [connect] } } }
              owner: { grants: { tables: { shop.*.*: [all] }, functions: { shop.*: [execute] } } }
              public: { grants: { types: { shop.*: [usage] } } }
            """;

    private static List<LintFinding> findings(String charter, String rule, String... texts) {
        Wishes wishes = new Wishes(15, Layout.PLAIN, Limits.NONE, Map.of(), Linted.demands(charter));
        return Linted.findings(wishes, List.of(texts)).stream()
                .filter(finding -> finding.rule().equals(rule))
                .toList();
    }

    private static List<String> unclassified(String... texts) {
        return findings(CLASSES, "unclassified-column", texts).stream()
                .map(finding -> finding.message().replace("no class in the charter for ", ""))
                .toList();
    }

    private static List<String> wide(String text) {
        return findings(ROLES, "grant-beyond-roles", text).stream()
                .map(LintFinding::message)
                .toList();
    }

    @Test
    void each_statement_that_makes_columns_names_those_without_a_class() {
        assertThat(unclassified("""
                        CREATE TABLE users (id bigint PRIMARY KEY, email text, phone text, born date);
                        ALTER TABLE users ADD COLUMN street text;
                        CREATE TABLE ledger.entries (id bigint PRIMARY KEY, amount numeric);
                        """)).containsExactly("shop.users.phone, shop.users.born", "shop.users.street");
    }

    @Test
    void the_example_has_a_class_for_every_column_and_asks_for_that_of_a_new_one() throws IOException {
        Path example = Path.of("examples", "trenddojo");
        String text = Files.readString(example.resolve("charter.yaml"));
        Charter charter = Linted.charter(text);
        Demands demands = new Demands(
                List.of(),
                Set.of(),
                charter.shaping().classification(),
                charter.shaping().roles(),
                charter.shaping().migrations().all().values().iterator().next().databases());
        List<String> texts = new ArrayList<>();
        try (Stream<Path> files = Files.list(example.resolve("migrations"))) {
            for (Path file : files.filter(path -> path.toString().endsWith(".up.sql"))
                    .sorted()
                    .toList()) {
                texts.add(Files.readString(file));
            }
        }
        Wishes wishes = new Wishes(15, Layout.PLAIN, Limits.NONE, Map.of(), demands);

        assertThat(Linted.findings(wishes, texts))
                .noneMatch(finding -> finding.rule().equals("unclassified-column"));
        texts.add("ALTER TABLE users ADD COLUMN phone text;");
        assertThat(Linted.findings(wishes, texts))
                .filteredOn(finding -> finding.rule().equals("unclassified-column"))
                .extracting(LintFinding::message)
                .containsExactly("no class in the charter for production.users.phone");
    }

    @Test
    void a_charter_that_does_not_classify_the_database_asks_nothing() {
        assertThat(findings("", "unclassified-column", "CREATE TABLE users (phone text);"))
                .isEmpty();
        assertThat(findings("roles: {}", "grant-beyond-roles", "GRANT ALL ON users TO x;"))
                .isEmpty();
    }

    @Test
    void what_counts_is_the_name_that_a_column_has_in_the_end() {
        assertThat(unclassified(
                        "CREATE TABLE users (id bigint PRIMARY KEY, mail text, phone text);",
                        "ALTER TABLE users RENAME COLUMN mail TO email; ALTER TABLE users DROP COLUMN phone;"))
                .isEmpty();
        assertThat(unclassified("ALTER TABLE users RENAME COLUMN email TO mail;"))
                .containsExactly("shop.users.mail");
        assertThat(unclassified(
                        "CREATE TABLE users (id bigint PRIMARY KEY, email text);",
                        "ALTER TABLE users RENAME TO people;"))
                .containsExactly("shop.people.email");
        assertThat(unclassified(
                        "CREATE TABLE entries (id bigint PRIMARY KEY, amount numeric);",
                        "ALTER TABLE entries SET SCHEMA ledger;"))
                .isEmpty();
        assertThat(unclassified("CREATE TABLE users (phone text);", "DROP TABLE users;"))
                .isEmpty();
    }

    @Test
    void columns_of_queries_and_of_other_tables_are_columns_too() {
        String users = "CREATE TABLE users (id bigint PRIMARY KEY, email text);";
        assertThat(unclassified(users, "CREATE TABLE copies AS SELECT * FROM users;"))
                .containsExactly("shop.copies.email");
        assertThat(unclassified(users, "CREATE TABLE copies (a, b) AS SELECT u.*, lower(email), 1 FROM users u;"))
                .containsExactly("shop.copies.a, shop.copies.b, shop.copies.lower, shop.copies.?column?");
        assertThat(unclassified(users, "SELECT id, email AS mail INTO copies FROM users;"))
                .containsExactly("shop.copies.mail");
        assertThat(unclassified(users, "CREATE TABLE copies (LIKE users INCLUDING ALL);"))
                .containsExactly("shop.copies.email");
    }

    @Test
    void what_cannot_be_told_is_said() {
        for (String statement : List.of(
                "CREATE TABLE copies AS SELECT * FROM strangers;",
                "CREATE TABLE copies (LIKE strangers);",
                "CREATE TABLE copies AS EXECUTE prepared;")) {
            assertThat(findings(CLASSES, "unclassified-column", statement))
                    .as(statement)
                    .singleElement()
                    .satisfies(finding -> {
                        assertThat(finding.severity()).isEqualTo(Severity.WARNING);
                        assertThat(finding.message()).contains("cannot be told");
                    });
        }
    }

    @Test
    void temporary_tables_partitions_and_views_need_no_classes() {
        assertThat(unclassified("""
                        CREATE TEMP TABLE t (phone text);
                        CREATE TABLE ledger.entries (id bigint, at date) PARTITION BY RANGE (at);
                        CREATE TABLE first PARTITION OF ledger.entries FOR VALUES FROM ('2026-01-01') TO ('2027-01-01');
                        CREATE TABLE second (id bigint, at date);
                        ALTER TABLE ledger.entries ATTACH PARTITION second
                          FOR VALUES FROM ('2027-01-01') TO ('2028-01-01');
                        CREATE VIEW v AS SELECT 1 AS phone;
                        CREATE MATERIALIZED VIEW m AS SELECT 1 AS phone;
                        """)).isEmpty();
    }

    @Test
    void a_finding_stands_at_the_column_and_can_be_allowed_at_its_statement() {
        String table = "CREATE TABLE users (\n  id bigint PRIMARY KEY,\n  phone text\n);\n";
        assertThat(findings(CLASSES, "unclassified-column", table))
                .singleElement()
                .satisfies(finding -> assertThat(finding.line()).isEqualTo(3));
        assertThat(unclassified("-- pgcharter:allow unclassified-column because it is gone next week\n" + table))
                .isEmpty();
    }

    @Test
    void the_most_exact_key_counts_and_of_two_the_stricter_class() {
        var classes = Linted.demands("""
                        classification:
                          shop.users.*: { class: internal }
                          shop.*.email: { class: confidential }
                          shop.users.id: { class: public }
                          shop.*.*.id: { class: restricted }
                        """).classification();
        var shop = new io.pgcharter.model.id.DatabaseName("shop");
        assertThat(classes.of(shop, "public", "users", "email").orElseThrow().dataClass())
                .hasToString("CONFIDENTIAL");
        assertThat(classes.of(shop, "public", "users", "id").orElseThrow().dataClass())
                .hasToString("PUBLIC");
        assertThat(classes.of(shop, "other", "users", "id").orElseThrow().dataClass())
                .hasToString("RESTRICTED");
        assertThat(classes.of(shop, "other", "users", "email")).isEmpty();
    }

    @Test
    void a_grant_within_what_the_charter_says_is_none_of_the_rules_business() {
        assertThat(wide("""
                        GRANT INSERT, UPDATE ON app_orders, public.app_items TO app;
                        GRANT SELECT ON app_orders TO app;
                        GRANT SELECT (id), SELECT (name) ON parts TO reader;
                        GRANT SELECT ON ALL TABLES IN SCHEMA public TO reader;
                        GRANT INSERT ON ALL TABLES IN SCHEMA ledger TO app;
                        ALTER DEFAULT PRIVILEGES IN SCHEMA public GRANT SELECT ON TABLES TO reader;
                        ALTER DEFAULT PRIVILEGES GRANT USAGE ON SEQUENCES TO app;
                        GRANT USAGE ON SCHEMA ledger TO app;
                        GRANT CONNECT ON DATABASE shop_production TO reader, app;
                        GRANT reader TO app;
                        GRANT ALL ON parts, ledger.entries TO owner;
                        GRANT EXECUTE ON FUNCTION due(date) TO owner;
                        GRANT USAGE ON TYPE state TO PUBLIC;
                        CREATE ROLE app IN ROLE reader;
                        CREATE ROLE stranger;
                        REVOKE ALL ON parts FROM stranger;
                        GRANT SELECT ON parts TO CURRENT_USER;
                        """)).isEmpty();
    }

    @Test
    void what_is_wider_is_named() {
        assertThat(wide("GRANT SELECT, DELETE, INSERT ON parts TO reader;"))
                .containsExactly("reader may not hold DELETE, INSERT on parts in shop");
        assertThat(wide("GRANT ALL ON app_orders TO app;"))
                .containsExactly("app may not hold every privilege on app_orders in shop");
        assertThat(wide("GRANT SELECT ON ledger.entries TO reader;"))
                .containsExactly("reader may not hold SELECT on ledger.entries in shop");
        assertThat(wide("GRANT INSERT ON ALL TABLES IN SCHEMA public TO app;"))
                .containsExactly("app may not hold INSERT on all tables in schema public in shop");
        assertThat(wide("ALTER DEFAULT PRIVILEGES GRANT SELECT ON TABLES TO reader;"))
                .containsExactly("reader may not hold SELECT on all tables in shop");
        assertThat(wide("GRANT SELECT ON parts TO PUBLIC;"))
                .containsExactly("public may not hold SELECT on parts in shop");
        assertThat(wide("GRANT CREATE, USAGE ON SCHEMA ledger TO app;"))
                .containsExactly("app may not hold CREATE on schema ledger in shop");
        assertThat(wide("GRANT TEMP ON DATABASE shop TO reader;"))
                .containsExactly("reader may not hold TEMPORARY on database shop in shop");
        assertThat(wide("GRANT SELECT ON parts TO reader WITH GRANT OPTION;"))
                .containsExactly("reader may not hand on what it holds");
        assertThat(wide("GRANT USAGE ON LANGUAGE plpython3u TO app;"))
                .containsExactly("app may not hold USAGE: the charter's roles do not speak of a language");
        assertThat(wide("GRANT SELECT ON parts TO stranger;"))
                .containsExactly("the charter's roles do not name stranger");
    }

    @Test
    void memberships_are_grants_too() {
        assertThat(wide("GRANT owner TO app;")).containsExactly("app may not be a member of owner");
        assertThat(wide("GRANT pg_read_all_data TO reader;"))
                .containsExactly("reader may not be a member of pg_read_all_data");
        assertThat(wide("GRANT reader TO app WITH ADMIN OPTION;")).containsExactly("app may not make others members");
        assertThat(wide("CREATE ROLE reader IN ROLE owner;")).containsExactly("reader may not be a member of owner");
        assertThat(wide("CREATE ROLE owner ROLE app;")).containsExactly("app may not be a member of owner");
        assertThat(wide("ALTER GROUP owner ADD USER app;")).containsExactly("app may not be a member of owner");
        assertThat(wide("ALTER GROUP owner DROP USER app; ALTER ROLE app NOLOGIN;"))
                .isEmpty();
        assertThat(wide("GRANT reader TO stranger;")).containsExactly("the charter's roles do not name stranger");
    }

    @Test
    void plain_names_are_wanted_of_everything_that_gets_one() {
        String wanted = "lint: { names: [plain] }";
        assertThat(findings(wanted, "name-needs-quotes", """
                        CREATE TABLE "Parts" (id bigint, "order" int, CONSTRAINT "Key" PRIMARY KEY (id));
                        ALTER TABLE parts ADD COLUMN "größe" int CONSTRAINT "Odd" CHECK (true);
                        CREATE INDEX CONCURRENTLY "By name" ON parts (name);
                        ALTER TABLE parts RENAME COLUMN name TO "Name";
                        CREATE FUNCTION app."F"() RETURNS int LANGUAGE sql AS 'SELECT 1';
                        CREATE TYPE "State" AS ENUM ('Sold');
                        CREATE VIEW parts_1 AS SELECT id AS "Id" FROM parts;
                        """))
                .extracting(finding -> finding.line() + " " + finding.message().split("\"", -1)[1])
                .containsExactlyInAnyOrder(
                        "1 Parts", "1 order", "1 Key", "2 größe", "2 Odd", "3 By name", "4 Name", "5 F", "6 State");
        assertThat(findings("", "name-needs-quotes", "CREATE TABLE \"Parts\" (id bigint PRIMARY KEY);"))
                .isEmpty();
    }

    @Test
    void names_with_their_schema_are_wanted_of_what_has_one() {
        String wanted = "lint: { names: [with-schema] }";
        assertThat(findings(wanted, "name-without-schema", """
                        CREATE TABLE parts (id bigint PRIMARY KEY);
                        ALTER TABLE parts ADD COLUMN a int;
                        DROP TABLE app.one, two;
                        TRUNCATE app.three, four;
                        CREATE FUNCTION f() RETURNS int LANGUAGE sql AS 'SELECT 1';
                        CREATE TYPE state AS ENUM ('sold');
                        """))
                .extracting(LintFinding::message)
                .containsExactly(
                        "parts has no schema",
                        "parts has no schema",
                        "two has no schema",
                        "four has no schema",
                        "f has no schema",
                        "state has no schema");
        assertThat(findings(wanted, "name-without-schema", """
                        CREATE TABLE app.parts (id bigint PRIMARY KEY);
                        CREATE INDEX by_name ON app.parts (id);
                        CREATE TEMP TABLE scratch (id bigint);
                        DROP SCHEMA app;
                        DROP TRIGGER t ON app.parts;
                        """)).isEmpty();
    }

    @Test
    void a_grant_in_a_block_is_a_grant() {
        assertThat(wide("DO $$ BEGIN IF true THEN GRANT DELETE ON parts TO reader; END IF; END $$;"))
                .containsExactly("reader may not hold DELETE on parts in shop");
    }
}
