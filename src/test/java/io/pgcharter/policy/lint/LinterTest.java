package io.pgcharter.policy.lint;

import static org.assertj.core.api.Assertions.assertThat;

import io.pgcharter.model.migration.Layout;
import io.pgcharter.model.operation.LintFinding;
import io.pgcharter.model.operation.LintFinding.Severity;
import io.pgcharter.model.sql.Parsed;
import io.pgcharter.platform.sql.SqlParser;
import io.pgcharter.policy.lint.rule.Rules;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class LinterTest {
    private static final String INDEX = "CREATE INDEX parts_name ON parts (name);\n";

    private static List<String> rules(String... texts) {
        return Linted.findings(texts).stream().map(LintFinding::rule).toList();
    }

    /// A table with so many rows of 100 bytes, in use.
    private static Target target(String setup, long rows) {
        Known known = new Known();
        if (Linted.file("", setup).parsed() instanceof Parsed.Sql(var script)) {
            known.assume(script);
        }
        ObjectName parts = new ObjectName("public", "parts");
        return new Target(15, known, Map.of(parts, new Target.Size(rows, rows * 100, 50)), 2);
    }

    private static List<LintFinding> findings(Target target, String text) {
        return new Linter(Rules.all(), Wishes.PLAIN, Optional.of(target))
                .lint(List.of(Linted.file("1.sql", text)), target.known());
    }

    @Test
    void a_table_that_the_file_makes_is_nobodys_yet() {
        assertThat(rules("CREATE TABLE parts (id bigint PRIMARY KEY, name text);\n" + INDEX))
                .isEmpty();
        assertThat(rules("CREATE TABLE parts (id bigint PRIMARY KEY, name text);\n", INDEX))
                .contains("index-not-concurrent");
    }

    @Test
    void a_finding_names_the_place_in_characters() {
        assertThat(Linted.findings(
                        "-- größe\nALTER TABLE \"größe\" ADD COLUMN a integer,\n  ADD COLUMN b bigserial;\n"))
                .filteredOn(finding -> finding.rule().equals("add-column-serial"))
                .singleElement()
                .satisfies(finding -> {
                    assertThat(finding.line()).isEqualTo(3);
                    assertThat(finding.column()).isEqualTo(14);
                    assertThat(finding.source()).isEqualTo("  ADD COLUMN b bigserial;\n             ^");
                });
    }

    @Test
    void a_suppression_is_for_its_own_statement_and_rule() {
        String allow = "-- pgcharter:allow index-not-concurrent because the table is small\n";
        assertThat(rules(allow + INDEX)).containsExactly("missing-lock-timeout", "missing-statement-timeout");
        assertThat(rules(allow + INDEX + INDEX.replace("parts_name", "second")))
                .containsOnlyOnce("index-not-concurrent");
        assertThat(rules(allow + "\n\n" + INDEX)).contains("index-not-concurrent", "suppression-unused");
    }

    @Test
    void a_comment_within_a_statement_allows_too() {
        assertThat(rules("DROP TABLE /* pgcharter:allow drop-table because it is empty */ parts;\n"))
                .doesNotContain("drop-table", "suppression-without-reason", "suppression-unused");
    }

    @Test
    void what_the_charter_switches_off_is_not_asked() {
        Wishes wishes = new Wishes(
                15, Layout.PLAIN, new Limits(true, true), Map.of("index-not-concurrent", "small"), Demands.NONE);

        assertThat(Linted.findings(wishes, List.of(INDEX))).isEmpty();
    }

    @Test
    void a_limit_is_one_however_it_is_set_and_zero_is_none() {
        String add = "ALTER TABLE parts ADD COLUMN weight integer;\n";
        for (String limit : List.of(
                "SET lock_timeout = '2s'",
                "SET LOCAL lock_timeout TO 2000",
                "SELECT pg_catalog.set_config('lock_timeout', '2s', true)",
                "DO $$ BEGIN PERFORM set_config('lock_timeout', '2s', true); END $$")) {
            assertThat(rules(limit + ";\n" + add)).as(limit).doesNotContain("missing-lock-timeout");
        }
        for (String none : List.of(
                "SET lock_timeout = 0",
                "SET lock_timeout = '0'",
                "SET lock_timeout = '0 ms'",
                "SET lock_timeout TO DEFAULT",
                "SET lock_timeout = '2s'; RESET lock_timeout",
                "SELECT set_config('lock_timeout', '0', true)")) {
            assertThat(rules(none + ";\n" + add)).as(none).contains("missing-lock-timeout");
        }
    }

    @Test
    void a_psql_command_is_named() {
        assertThat(Linted.findings("\\copy parts from 'parts.csv'\n"))
                .singleElement()
                .satisfies(finding -> assertThat(finding.message()).contains("\\copy", "psql"));
    }

    @Test
    void a_broken_file_does_not_hide_what_the_others_hold() {
        assertThat(rules("SELEC 1;\n", INDEX)).contains("syntax-error", "index-not-concurrent");
    }

    @Test
    void a_small_table_makes_a_notice_of_an_error_and_a_large_one_an_estimate() {
        String setup = "CREATE TABLE parts (id bigint PRIMARY KEY, name text)";

        assertThat(findings(target(setup, 100), INDEX))
                .filteredOn(finding -> finding.rule().equals("index-not-concurrent"))
                .singleElement()
                .satisfies(finding -> assertThat(finding.severity()).isEqualTo(Severity.NOTICE));
        assertThat(findings(target(setup, 7_000_000), INDEX))
                .filteredOn(finding -> finding.rule().equals("index-not-concurrent"))
                .singleElement()
                .satisfies(finding -> {
                    assertThat(finding.severity()).isEqualTo(Severity.ERROR);
                    assertThat(finding.message())
                            .contains("7,000,000 rows, about 10.0 s", "up to 500 transactions wait");
                });
    }

    @Test
    void what_the_target_has_is_known() {
        String setup = "CREATE TABLE parts (id bigint PRIMARY KEY, name text, CHECK (name IS NOT NULL))";

        assertThat(findings(target(setup, 7_000_000), "ALTER TABLE parts ALTER COLUMN name SET NOT NULL;"))
                .extracting(LintFinding::rule)
                .doesNotContain("set-not-null", "no-primary-key");
    }

    @Test
    void the_advice_for_unique_and_exclude_is_never_not_valid() {
        assertThat(Linted.findings("""
                ALTER TABLE parts ADD CONSTRAINT u UNIQUE (name);
                ALTER TABLE parts ADD CONSTRAINT e EXCLUDE USING btree (name WITH =);
                """))
                .isNotEmpty()
                .allSatisfy(finding -> assertThat(finding.sql().orElse("")).doesNotContain("NOT VALID"));
    }

    @Test
    void a_safe_form_is_sql_whatever_the_names_are() {
        String statement = "ALTER TABLE \"select\".\"order\" ADD UNIQUE (\"user\", name)";

        String safe = Linted.findings(statement).stream()
                .flatMap(finding -> finding.sql().stream())
                .findFirst()
                .orElse("");

        assertThat(safe).contains("ON \"select\".\"order\" (\"user\", name)");
        assertThat(new SqlParser().parse(safe)).isInstanceOf(Parsed.Sql.class);
    }
}
