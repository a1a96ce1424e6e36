package io.pgcharter.policy.lint;

import static org.assertj.core.api.Assertions.assertThat;

import io.pgcharter.model.operation.LintFinding;
import java.util.List;
import org.junit.jupiter.api.Test;

/// What DO blocks hold is judged as if it stood there.
class BlocksTest {
    private static final String TABLE = "CREATE TABLE parts (id bigint PRIMARY KEY, name text, maker bigint);\n";

    private static List<String> rules(String... texts) {
        return Linted.findings(texts).stream().map(LintFinding::rule).toList();
    }

    private static String block(String body) {
        return "DO $$ BEGIN " + body + " END $$;\n";
    }

    @Test
    void a_statement_in_a_block_is_judged_in_its_line() {
        assertThat(Linted.findings("""
                        -- größe
                        DO $$
                        BEGIN
                          IF NOT EXISTS (SELECT FROM pg_indexes WHERE indexname = 'parts_name') THEN
                            CREATE INDEX parts_name ON parts (name);
                          END IF;
                        END $$;
                        """))
                .filteredOn(finding -> finding.rule().equals("index-not-concurrent"))
                .singleElement()
                .satisfies(finding -> {
                    assertThat(finding.line()).isEqualTo(5);
                    assertThat(finding.column()).isEqualTo(5);
                    assertThat(finding.source()).contains("CREATE INDEX parts_name");
                });
    }

    @Test
    void a_block_is_in_the_transaction_around_it() {
        assertThat(rules("ALTER TABLE makers ADD COLUMN a int;\n", block("UPDATE parts SET name = 'x' WHERE id = 1;")))
                .doesNotContain("schema-and-rows-together");
        assertThat(rules("ALTER TABLE makers ADD COLUMN a int;\n" + block("ALTER TABLE parts ADD COLUMN b int;")))
                .contains("several-tables-locked");
        assertThat(rules(block("ALTER TABLE parts ADD COLUMN b int;") + "ALTER TABLE makers ADD COLUMN a int;\n"))
                .contains("several-tables-locked");
        assertThat(rules("VACUUM parts;\n" + block("CREATE INDEX CONCURRENTLY i ON parts (name);")))
                .contains("concurrently-in-transaction");
        assertThat(rules("VACUUM parts;\n"
                        + block("ALTER TABLE parts ADD CONSTRAINT c CHECK (id > 0) NOT VALID;"
                                + " ALTER TABLE parts VALIDATE CONSTRAINT c;")
                        + "ALTER TABLE makers ADD COLUMN a int;\n"))
                .contains("validate-same-transaction")
                .doesNotContain("several-tables-locked");
    }

    @Test
    void what_a_block_surely_makes_is_known_afterwards() {
        assertThat(rules(block(TABLE) + "CREATE INDEX parts_name ON parts (name);\n"))
                .doesNotContain("index-not-concurrent");
        assertThat(rules(
                        block("ALTER TABLE parts ADD CONSTRAINT c CHECK (name IS NOT NULL) NOT VALID;"),
                        block("ALTER TABLE parts VALIDATE CONSTRAINT c;"),
                        "ALTER TABLE parts ALTER COLUMN name SET NOT NULL;\n"))
                .doesNotContain("set-not-null");
    }

    @Test
    void what_a_branch_makes_is_known_within_it_and_doubted_after_it() {
        assertThat(rules(block("IF x THEN " + TABLE + " CREATE INDEX parts_name ON parts (name); END IF;")))
                .doesNotContain("index-not-concurrent");
        assertThat(rules(block("IF x THEN " + TABLE + " END IF;") + "CREATE INDEX parts_name ON parts (name);\n"))
                .contains("index-not-concurrent");
        assertThat(rules(
                        "ALTER TABLE parts ADD CONSTRAINT c CHECK (name IS NOT NULL) NOT VALID;\n",
                        block("IF x THEN ALTER TABLE parts VALIDATE CONSTRAINT c; END IF;"),
                        "ALTER TABLE parts ALTER COLUMN name SET NOT NULL;\n"))
                .contains("set-not-null");
        assertThat(rules(
                        "ALTER TABLE parts ADD CONSTRAINT c CHECK (name IS NOT NULL) NOT VALID;\n",
                        "ALTER TABLE parts VALIDATE CONSTRAINT c;\n",
                        block("IF x THEN ALTER TABLE parts DROP CONSTRAINT c; END IF;"),
                        "ALTER TABLE parts ALTER COLUMN name SET NOT NULL;\n"))
                .contains("set-not-null");
    }

    @Test
    void a_type_that_a_branch_may_have_changed_is_not_known() {
        String widen = "ALTER TABLE parts ALTER COLUMN code TYPE text;\n";
        assertThat(rules("CREATE TABLE parts (id bigint PRIMARY KEY, code varchar(4));\n", widen))
                .doesNotContain("type-change-rewrite");
        assertThat(rules(
                        "CREATE TABLE parts (id bigint PRIMARY KEY, code varchar(4));\n",
                        block("IF x THEN ALTER TABLE parts ALTER COLUMN code TYPE int USING 1; END IF;"),
                        widen))
                .containsSubsequence("type-change-rewrite", "type-change-rewrite");
    }

    @Test
    void a_limit_that_a_branch_sets_is_no_limit() {
        assertThat(rules(block("IF x THEN SET LOCAL lock_timeout = '2s'; END IF; ALTER TABLE parts ADD COLUMN a int;")))
                .contains("missing-lock-timeout");
        assertThat(rules(block("SET LOCAL lock_timeout = '2s'; ALTER TABLE parts ADD COLUMN a int;")))
                .doesNotContain("missing-lock-timeout");
    }

    @Test
    void a_limit_on_time_holds_from_the_next_statement_on() {
        String key = "ALTER TABLE parts ALTER COLUMN name SET NOT NULL;\n";
        String limit = "SET LOCAL statement_timeout = '2s'; ";
        assertThat(rules(block(limit + key))).contains("missing-statement-timeout");
        assertThat(rules(block(limit) + key)).doesNotContain("missing-statement-timeout");
        assertThat(rules(block("IF x THEN " + limit + " END IF;") + key)).contains("missing-statement-timeout");
    }

    @Test
    void what_ends_the_runners_transaction_does_so_in_a_block_too() {
        assertThat(rules(block("UPDATE parts SET name = 'x' WHERE id = 1; COMMIT;")))
                .contains("transaction-nesting");
    }

    @Test
    void executed_constants_are_judged_and_of_computed_texts_one_notice_is_given() {
        assertThat(Linted.findings("DO $$ BEGIN\n EXECUTE 'ALTER TABLE parts\n ADD COLUMN label uuid"
                        + " DEFAULT gen_random_uuid()';\n EXECUTE 'DROP TABLE ' || a;\n EXECUTE b; END $$;\n"))
                .filteredOn(finding ->
                        List.of("add-column-volatile-default", "unjudged-block").contains(finding.rule()))
                .extracting(finding -> finding.line() + " " + finding.rule())
                .containsExactly("3 add-column-volatile-default", "4 unjudged-block");
    }

    @Test
    void a_comment_allows_a_statement_of_a_block_or_all_of_it() {
        String allow = "-- pgcharter:allow drop-table because nobody reads them\n";
        assertThat(rules(allow + block("DROP TABLE a; DROP TABLE b;"))).doesNotContain("drop-table");
        assertThat(Linted.findings("DO $$ BEGIN\n " + allow + " DROP TABLE a;\n DROP TABLE b; END $$;\n"))
                .filteredOn(finding -> finding.rule().equals("drop-table"))
                .singleElement()
                .satisfies(finding -> assertThat(finding.line()).isEqualTo(4));
        assertThat(rules(allow + block("DELETE FROM a WHERE id = 1;"))).contains("suppression-unused");
    }

    @Test
    void safe_forms_are_not_written_of_what_has_a_condition() {
        String key = "ALTER TABLE parts ALTER COLUMN name SET NOT NULL;\n";
        assertThat(Linted.findings(key)).anyMatch(finding -> finding.sql().isPresent());
        assertThat(Linted.findings(block("IF x THEN " + key + " END IF;")))
                .anyMatch(finding -> finding.rule().equals("set-not-null"))
                .noneMatch(finding -> finding.sql().isPresent());
    }

    @Test
    void a_foreign_key_that_is_added_where_it_is_missing_is_found() {
        assertThat(rules(block("ALTER TABLE parts ADD CONSTRAINT f FOREIGN KEY (maker) REFERENCES makers (id);"
                        + " EXCEPTION WHEN duplicate_object THEN NULL;")))
                .contains("foreign-key-not-not-valid", "foreign-key-without-index");
    }

    @Test
    void a_function_that_is_replaced_by_a_volatile_one_is_volatile() {
        String add = "ALTER TABLE parts ADD COLUMN a int DEFAULT f();\n";
        String stable = "CREATE FUNCTION f() RETURNS int LANGUAGE sql STABLE AS 'SELECT 1';\n";
        assertThat(rules(stable, add)).doesNotContain("add-column-volatile-default");
        assertThat(rules(stable, stable.replace("STABLE ", "").replace("CREATE", "CREATE OR REPLACE"), add))
                .contains("add-column-volatile-default");
    }
}
