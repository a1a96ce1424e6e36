package io.pgcharter.platform.sql;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.pgcharter.model.problem.ProblemException;
import io.pgcharter.model.sql.Node;
import io.pgcharter.model.sql.Parsed;
import io.pgcharter.model.sql.Script;
import io.pgcharter.model.sql.Statement;
import io.pgcharter.model.sql.SyntaxError;
import io.pgcharter.model.sql.Token;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import org.assertj.core.api.InstanceOfAssertFactories;
import org.junit.jupiter.api.Test;

class SqlParserTest {
    private static final SqlParser PARSER = new SqlParser();

    private static Script script(String sql) {
        return assertThat(PARSER.parse(sql))
                .asInstanceOf(InstanceOfAssertFactories.type(Parsed.Sql.class))
                .actual()
                .script();
    }

    private static SyntaxError error(String sql) {
        return assertThat(PARSER.parse(sql))
                .asInstanceOf(InstanceOfAssertFactories.type(Parsed.Broken.class))
                .actual()
                .error();
    }

    @Test
    void statements_stand_without_comments_and_semicolons_where_they_are_in_the_text() {
        Script script = script("""
                -- it is älter than /* that */
                /* a /* nested */ one */ create table a (b int);

                alter table "größe"
                  add column c text; -- the end
                """);

        assertThat(script.statements())
                .extracting(script::textOf)
                .containsExactly("create table a (b int)", "alter table \"größe\"\n  add column c text");
        assertThat(script.statements())
                .extracting(script::placeOf)
                .map(Object::toString)
                .containsExactly("2:26", "4:1");
    }

    @Test
    void a_tree_is_read_with_postgresqls_own_names() {
        Script script = script("alter table shop.orders add column paid boolean not null default false, drop column x");
        Statement statement = script.statements().getFirst();
        Node alter = statement.node();

        assertThat(alter.kind()).isEqualTo("AlterTableStmt");
        assertThat(alter.child("relation").text("schemaname")).isEqualTo("shop");
        assertThat(alter.list("cmds"))
                .extracting(command -> command.text("subtype"))
                .containsExactly("AT_AddColumn", "AT_DropColumn");
        Node column = alter.list("cmds").getFirst().child("def");
        assertThat(column.kind()).isEqualTo("ColumnDef");
        assertThat(column.text("colname")).isEqualTo("paid");
        assertThat(column.child("typeName").texts("names")).containsExactly("pg_catalog", "bool");
        assertThat(column.list("constraints"))
                .extracting(constraint -> constraint.text("contype"))
                .containsExactly("CONSTR_NOTNULL", "CONSTR_DEFAULT");
        assertThat(script.placeOf(statement, column)).hasToString("1:36");
        assertThat(column.descendants().anyMatch(node -> node.is("A_Const"))).isTrue();
        assertThat(column.child("collClause")).isSameAs(Node.NONE);
        assertThat(column.child("no").child("such").list("field")).isEmpty();
    }

    @Test
    void positions_count_characters_whatever_they_are_made_of() {
        Script script = script("select '🐘é', x; select y");

        assertThat(script.textOf(script.statements().get(1))).isEqualTo("select y");
        Node column = script.statements().getFirst().node().list("targetList").get(1);
        assertThat(script.placeOf(script.statements().getFirst(), column)).hasToString("1:14");
    }

    @Test
    void an_error_has_postgresqls_words_a_place_and_a_caret() {
        SyntaxError error = error("select 1;\nselect 'é🐘', fromm x y z;\n");

        assertThat(error.message()).isEqualTo("syntax error at or near \"y\"");
        assertThat(error.place()).hasToString("2:22");
        assertThat(error.caret()).isEqualTo("select 'é🐘', fromm x y z;\n" + " ".repeat(21) + "^");
        assertThat(error.problem("a.sql").text())
                .startsWith("SQL_INVALID: a.sql:2:22: syntax error at or near \"y\"\n  select 'é")
                .contains("remedy: correct a.sql at line 2");
    }

    @Test
    void what_ends_too_early_is_an_error_at_the_end() {
        assertThat(error("create table a (").message()).isEqualTo("syntax error at end of input");
        assertThat(error("select 'open").message()).startsWith("unterminated quoted string");
        assertThat(error("select $$open").message()).startsWith("unterminated dollar-quoted string");
    }

    @Test
    void nothing_but_comments_is_a_script_without_statements() {
        assertThat(script("").statements()).isEmpty();
        assertThat(script(" -- nothing\n/* at all */;;").statements()).isEmpty();
    }

    @Test
    void syntax_of_version_18_is_known() {
        Script script = script("alter table a add constraint n not null b not valid;"
                + "create table g (a int, b int generated always as (a * 2) virtual);"
                + "alter table a add constraint c check (b > 0) not enforced");

        Node constraint =
                script.statements().getFirst().node().list("cmds").getFirst().child("def");
        assertThat(constraint.text("contype")).isEqualTo("CONSTR_NOTNULL");
        assertThat(constraint.flag("skip_validation")).isTrue();
        assertThat(script.statements()).hasSize(3);
    }

    @Test
    void tokens_are_told_apart_and_comments_are_among_them() {
        String sql = "select 1; -- pgcharter: ok\n/* two */ select 'ü', b";
        List<Token> tokens = PARSER.tokens(sql);

        assertThat(tokens)
                .filteredOn(Token::isComment)
                .extracting(token -> token.span().of(sql))
                .containsExactly("-- pgcharter: ok", "/* two */");
        assertThat(tokens.getLast().span().of(sql)).isEqualTo("b");
        assertThatThrownBy(() -> PARSER.tokens("select 'open"))
                .isInstanceOf(ProblemException.class)
                .hasMessageContaining("SQL_INVALID");
    }

    @Test
    void bodies_of_functions_are_read_by_plpgsqls_own_parser() {
        String function = "create function f(a int) returns int language plpgsql as $$ begin %s return a; end $$";
        List<Node> functions = PARSER.plpgsql(function.formatted("if a > 1 then delete from orders; end if;"));

        assertThat(functions).hasSize(1);
        assertThat(functions
                        .getFirst()
                        .descendants()
                        .filter(node -> node.is("PLpgSQL_stmt_execsql"))
                        .count())
                .isEqualTo(1);
        assertThatThrownBy(() -> PARSER.plpgsql(function.formatted("if a > 1 than")))
                .isInstanceOf(ProblemException.class)
                .hasMessageContaining("missing \"THEN\"");
    }

    @Test
    void fingerprint_and_normalised_text_forget_literals() {
        assertThat(PARSER.fingerprint("select * from a where b = 1"))
                .isEqualTo(PARSER.fingerprint("SELECT  * FROM a WHERE b = 27 -- x"))
                .isNotEqualTo(PARSER.fingerprint("select * from a where c = 1"));
        assertThat(PARSER.normalized("select * from a where b = 1 and c = 'x'"))
                .isEqualTo("select * from a where b = $1 and c = $2");
        assertThatThrownBy(() -> PARSER.fingerprint("selct 1")).isInstanceOf(ProblemException.class);
        assertThatThrownBy(() -> PARSER.normalized("selct 1")).isInstanceOf(ProblemException.class);
    }

    @Test
    void what_nobody_can_parse_is_refused_and_the_parser_goes_on() {
        String deep = "select " + "(".repeat(20_000) + "1" + ")".repeat(20_000);

        assertThat(error(deep).message()).isEqualTo("memory exhausted at or near \"(\"");
        assertThatThrownBy(() -> PARSER.parse("select 1 -- " + "x".repeat(SqlParser.BYTES_MOST)))
                .hasMessageContaining("more than the");
        assertThatThrownBy(() -> PARSER.parse("s\0e\0l\0")).hasMessageContaining("zero byte at 1:2");
        assertThat(script("select 1").statements()).hasSize(1);
    }

    @Test
    void many_threads_parse_at_a_time() throws Exception {
        List<Callable<Integer>> tasks = new ArrayList<>();
        IntStream.rangeClosed(1, 40)
                .forEach(count -> tasks.add(
                        () -> script("select 1;".repeat(count)).statements().size()));

        try (ExecutorService threads = Executors.newFixedThreadPool(8)) {
            int sum = 0;
            for (Future<Integer> done : threads.invokeAll(tasks)) {
                sum += done.get();
            }
            assertThat(sum).isEqualTo(40 * 41 / 2);
        }
    }

    @Test
    void a_large_script_is_parsed_with_memory_that_grows() {
        String row = "insert into a (b) values ('" + "x".repeat(1_000_000) + "');\n";

        assertThat(script(row.repeat(4)).statements()).hasSize(4);
    }
}
