package io.pgcharter.policy.migration;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.pgcharter.model.migration.Source;
import io.pgcharter.platform.sql.SqlParser;
import io.pgcharter.policy.migration.Passage.Mode;
import io.pgcharter.policy.migration.Passage.Step;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class PassageTest {
    private static final SqlParser PARSER = new SqlParser();

    private static Passage passage(String sql) {
        return Passage.of(new Source("m/1.sql", sql, Optional.empty()), PARSER.parse(sql));
    }

    private static void assertRefused(String sql, String... words) {
        assertThatThrownBy(() -> passage(sql))
                .hasMessageContaining("SQL_INVALID")
                .hasMessageContainingAll(words);
    }

    @Test
    void what_can_be_one_transaction_is_one() {
        Passage passage = passage("""
                -- first
                create table a (t text default ';');
                alter type mood add value 'new'; create function f() returns int language sql begin atomic select 1; end;
                analyze; refresh materialized view concurrently v; drop index i; reindex index i""");

        assertThat(passage.mode()).isEqualTo(Mode.TRANSACTION);
        assertThat(passage.steps()).hasSize(7);
        assertThat(passage.steps().getFirst().place()).hasToString("2:1");
        assertThat(passage.steps().getFirst().shown()).isEqualTo("create table a (t text default ';')");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '"',
            value = {
                "create role app login password 's3cr''t' createdb | create role app login password '*******' createdb",
                "alter role app encrypted password E's3cret' | alter role app encrypted password E'******'",
                "alter role app password $x$s3cret$x$ | alter role app password $x$******$x$",
                "create user mapping for app server s options (user 'app', password 's3cret')"
                        + " | create user mapping for app server s options (user 'app', password '******')",
                "create subscription s connection 'host=a password=s3cret dbname=b' publication p"
                        + " | create subscription s connection 'host=a password=****** dbname=b' publication p"
            })
    void a_password_is_carried_out_and_never_shown(String sql, String shown) {
        Step step = passage(sql).steps().getFirst();

        assertThat(step.sql()).isEqualTo(sql);
        assertThat(step.shown()).isEqualTo(shown);
        assertThat(step.place().caret(sql)).startsWith(shown.substring(0, Math.min(shown.length(), 90)));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "create index concurrently i on t (a)",
                "create unique index concurrently i on t (a)",
                "drop index concurrently i",
                "reindex index concurrently i",
                "reindex (concurrently) table t",
                "reindex schema s",
                "reindex database d",
                "reindex system d",
                "vacuum",
                "vacuum full t",
                "cluster",
                "alter system set work_mem = '1MB'",
                "create database d",
                "drop database d",
                "alter database d set tablespace t",
                "create tablespace t location '/t'",
                "drop tablespace t",
                "create subscription s connection '' publication p",
                "alter subscription s refresh publication",
                "drop subscription s",
                "alter table t detach partition p concurrently",
                "commit prepared 'x'",
            })
    void what_postgresql_keeps_out_of_transactions_is_carried_out_statement_by_statement(String sql) {
        assertThat(passage("select 1; " + sql).mode()).isEqualTo(Mode.STATEMENTS);
        assertThat(passage("select 1; " + sql).reason()).endsWith("cannot run in a transaction");
        assertRefused("begin; " + sql + "; commit", "m/1.sql:1:8:", "stands between BEGIN and COMMIT");
    }

    @Test
    void concurrently_may_wait_long_for_others() {
        assertThat(passage("create index concurrently i on t (a); alter system reset all")
                        .steps())
                .extracting(Step::isOnline)
                .containsExactly(true, false);
    }

    @Test
    void a_new_value_of_an_enum_that_is_used_needs_a_commit_before() {
        assertThat(passage("alter type mood add value 'calm'; update t set m = 'calm'")
                        .reason())
                .contains("'calm'")
                .contains("mood");
        assertThat(passage("alter type mood add value 'calm'; update t set m = 'wild'")
                        .mode())
                .isEqualTo(Mode.TRANSACTION);
        assertThat(passage("create type mood as enum (); alter type mood add value 'calm'; select 'calm'::mood")
                        .mode())
                .isEqualTo(Mode.TRANSACTION);
    }

    @Test
    void a_file_that_is_one_transaction_by_its_own_words_stays_one() {
        Passage passage = passage("begin; create table a (); savepoint s; rollback to s; commit;");

        assertThat(passage.mode()).isEqualTo(Mode.TRANSACTION);
        assertThat(passage.steps()).hasSize(3);
        assertThat(passage("begin; select 1; commit; begin; select 2; commit").mode())
                .isEqualTo(Mode.STATEMENTS);
        assertThat(passage("begin isolation level serializable; select 1; commit")
                        .mode())
                .isEqualTo(Mode.STATEMENTS);
        assertThat(passage("begin; select 1; commit; create index concurrently i on t (a)")
                        .steps())
                .hasSize(4);
    }

    @Test
    void transactions_that_do_not_fit_are_refused_before_anything_is_touched() {
        assertRefused("select 1;\nbegin; select 2", "m/1.sql:2:1:", "does not end");
        assertRefused("select 1; commit", "m/1.sql:1:11:", "a transaction ends that the file did not begin");
        assertRefused("begin; begin; commit", "begins within a transaction");
        assertRefused("begin; prepare transaction 'x'", "is prepared");
        assertRefused("discard all", "DISCARD ALL");
    }

    @Test
    void a_syntax_error_has_its_line_and_a_caret() {
        assertRefused(
                "create table a ();\nselct 1;", "m/1.sql:2:1:", "syntax error at or near \"selct\"", "  selct 1;\n  ^");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "'select 1;\n\\copy t from ''f.csv'' csv\n' | m/1.sql:2 | is a command of psql",
                "'\\i other.sql\nselect 1' | m/1.sql:1 | is a command of psql",
                "'select 1 \\gexec' | m/1.sql:1 | syntax error",
                "'copy t (a) from stdin;\n1\n\\.\n' | m/1.sql:2 | rows of a COPY",
                "'copy t from stdin' | m/1.sql:1 | COPY … FROM STDIN waits for rows",
                "'copy t to stdout' | m/1.sql:1 | gives rows to nobody",
            })
    void psql_commands_and_rows_are_named(String sql, String place, String words) {
        assertRefused(sql, place, words);
    }

    @Test
    void a_file_without_statements_has_none() {
        assertThat(passage("-- nothing yet\n").steps()).isEmpty();
    }
}
