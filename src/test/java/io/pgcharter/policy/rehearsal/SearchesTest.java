package io.pgcharter.policy.rehearsal;

import static org.assertj.core.api.Assertions.assertThat;

import io.pgcharter.model.sql.Parsed;
import io.pgcharter.platform.sql.SqlParser;
import io.pgcharter.policy.rehearsal.Searches.Found;
import io.pgcharter.policy.rehearsal.Searches.Parsing;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// That the questions find the right rows: RehearseIT.
class SearchesTest {
    private static final SqlParser PARSER = new SqlParser();

    private static Parsing parsing(String sql) {
        return switch (PARSER.parse(sql)) {
            case Parsed.Sql(var script) -> new Parsing(script, PARSER.tokens(sql));
            case Parsed.Broken(var error) -> throw new AssertionError(error.message() + " in " + sql);
        };
    }

    private static final Searches.Schema SCHEMA = new Searches.Schema() {
        @Override
        public List<String> primaryKey(String table) {
            return List.of("\"key\"");
        }

        @Override
        public List<String> partitionKey(String table) {
            return List.of("\"at\"");
        }

        @Override
        public Optional<String> defaultPartition(String table) {
            return table.equals("\"filled\"") ? Optional.of("\"rest\"") : Optional.empty();
        }

        @Override
        public Optional<Parsing> constraint(String table, String name) {
            return name.equals("positive")
                    ? Optional.of(parsing("alter table " + table + " add constraint positive check ((a > 0))"))
                    : Optional.empty();
        }
    };

    private static Found found(String sql) {
        return Searches.of(parsing(sql), SCHEMA);
    }

    private static Search only(String sql) {
        Found found = found(sql);
        assertThat(found.unknown()).isEmpty();
        assertThat(found.searches()).hasSize(1);
        return found.searches().getFirst();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "alter table t add unique (a, b) | \"a\", \"b\" | (\"a\") is not null and (\"b\") is not null",
                "alter table t add constraint u unique nulls not distinct (a) | \"a\" |",
                "create unique index on t (a) | \"a\" | (\"a\") is not null",
                "create unique index concurrently i on s.t using btree (lower(a) text_pattern_ops desc, (a + f(')'))) include (b) with (fillfactor = 70) where b > 0 and (c or d); "
                        + "| lower(a), (a + f(')')) | (b > 0 and (c or d)) and (lower(a)) is not null and ((a + f(')'))) is not null",
                "create unique index i on t (\"ON\" collate \"C\") /* ( */ where a is not null "
                        + "| \"ON\" collate \"C\" | (a is not null) and (\"ON\" collate \"C\") is not null",
            })
    void duplicates_are_sought_by_what_the_index_is_made_of(String sql, String parts, String where) {
        Search search = only(sql);

        assertThat(search.trouble()).isEqualTo("duplicates of (" + parts + ")");
        assertThat(search.condition())
                .endsWith((where == null ? "" : " where " + where) + " group by " + parts + " having count(*) > 1)");
    }

    @Test
    void a_check_is_sought_by_its_own_words() {
        Search search = only("alter table s.t add constraint \"a (check)\" check (a > 0 and b in (1, 2)) no inherit");

        assertThat(search.condition()).contains("from \"s\".\"t\" where not (a > 0 and b in (1, 2))");
        assertThat(search.columns()).containsExactlyInAnyOrder("\"a\"", "\"b\"");
    }

    @Test
    void what_is_validated_is_sought_as_if_it_were_added() {
        assertThat(only("alter table t validate constraint positive").condition())
                .contains("not ((a > 0))");
        assertThat(found("alter table t validate constraint other").unknown()).containsExactly("the constraint other");
    }

    @Test
    void an_orphan_has_a_value_and_no_parent() {
        assertThat(only("alter table t add foreign key (a) references s.p").condition())
                .isEqualTo("pgcharter_row.\"a\" is not null and not exists"
                        + " (select from \"s\".\"p\" as parent where parent.\"key\" = pgcharter_row.\"a\")");
        assertThat(only("alter table t add foreign key (a, b) references p (x, y) match full")
                        .condition())
                .startsWith("((pg_catalog.num_nulls(\"a\", \"b\") between 1 and 1) or (");
    }

    @Test
    void what_is_not_validated_is_not_sought() {
        assertThat(found("alter table t add foreign key (a) references p not valid, add check (a > 0) not valid")
                        .searches())
                .isEmpty();
    }

    @Test
    void each_command_of_a_statement_is_sought() {
        Found found = found("alter table t alter a set not null, add primary key (b), add column c int not null,"
                + " alter d type int using nullif(d, ',')::int, alter e type numeric(4, 2);");

        assertThat(found.searches())
                .extracting(Search::trouble)
                .containsExactly(
                        "NULL in \"a\"",
                        "NULL in \"b\"",
                        "duplicates of (\"b\")",
                        "rows without a value for \"c\"",
                        "values of \"d\" that are no int",
                        "values of \"e\" that are no numeric(4, 2)");
        assertThat(found.searches().get(4).before().getLast()).contains("nullif(d, '','')::int");
        assertThat(found.searches().get(5).before().getFirst()).contains("(value numeric(4, 2))");
    }

    @Test
    void what_cannot_be_sought_is_said() {
        assertThat(found("update t set a = 1").unknown()).containsExactly("what a UPDATE meets in rows");
        assertThat(found("update t set a = 1").changesRows()).isTrue();
    }

    @Test
    void rows_that_exclude_each_other_are_sought_by_the_constraints_own_operators_and_index() {
        Search search = only("alter table s.t add constraint x exclude using gist (a with =, f(b, ')') gist_ops with"
                + " operator(pg_catalog.&&)) with (fillfactor = 70) where (c > 0) deferrable");

        assertThat(search.trouble()).isEqualTo("rows that exclude each other by (\"a\", f(b, ')'))");
        assertThat(search.before())
                .containsExactly("create index on \"s\".\"t\" using gist (a, f(b, ')') gist_ops) where (c > 0)");
        assertThat(search.condition())
                .contains("(\"a\") as p0, (f(b, ')')) as p1 from \"s\".\"t\" where (c > 0))")
                .endsWith("and one.p0 = other.p0 and one.p1 operator(pg_catalog.&&) other.p1)");
        assertThat(search.columns()).contains("\"a\"", "\"b\"");
    }

    @Test
    void rows_outside_of_the_bounds_are_sought_and_those_that_the_default_partition_has() {
        Search search = only("alter table logs attach partition s.old for values from ('2020-01-01') to (maxvalue)");

        assertThat(search.table()).isEqualTo("\"s\".\"old\"");
        assertThat(search.columns()).containsExactly("\"at\"");
        assertThat(search.before().getFirst())
                .startsWith("create table \"s\".pgcharter_partition (like \"s\".\"old\" ");
        assertThat(search.before().getLast())
                .contains("attach partition \"s\".pgcharter_partition for values from (''2020-01-01'') to (maxvalue)");
        assertThat(found("alter table filled attach partition old for values in (1)")
                        .searches())
                .extracting(Search::table)
                .containsExactly("\"old\"", "\"rest\"");
        assertThat(only("alter table logs attach partition old default")
                        .before()
                        .getLast())
                .contains("pgcharter_partition default'");
    }

    @Test
    void keys_are_the_primary_key_unless_it_holds_what_is_wrong() {
        Search search = only("alter table t add unique (a)");

        assertThat(search.keys(List.of("\"id\""), 5))
                .startsWith("select pg_catalog.concat_ws(', ', 'id = ' || \"id\"::pg_catalog.text) from \"t\"")
                .endsWith("order by \"id\" limit 5");
        assertThat(search.keys(List.of(), 5)).startsWith("select 'ctid ' || ctid");
        assertThat(search.keys(List.of("\"a\""), 5)).startsWith("select 'ctid ' || ctid");
    }
}
