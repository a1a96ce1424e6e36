package io.pgcharter.platform.sql;

import static org.assertj.core.api.Assertions.assertThat;

import io.pgcharter.model.sql.Block;
import io.pgcharter.model.sql.Block.Step;
import io.pgcharter.model.sql.Node;
import io.pgcharter.model.sql.Parsed;
import io.pgcharter.model.sql.Script;
import io.pgcharter.model.sql.Statement;
import java.util.List;
import org.junit.jupiter.api.Test;

class BlockReaderTest {
    private static final SqlParser PARSER = new SqlParser();

    private static Script script(String sql) {
        return switch (PARSER.parse(sql)) {
            case Parsed.Sql(Script script) -> script;
            case Parsed.Broken(var error) -> throw new AssertionError(error.message());
        };
    }

    /// The block of the last statement.
    private static Block block(String sql) {
        Script script = script(sql);
        return new BlockReader(PARSER)
                .blocks(script, true)
                .get(script.statements().getLast().span());
    }

    /// The statements as they stand in the text.
    private static List<String> texts(String sql) {
        return block(sql).statements().stream()
                .map(statement -> statement.span().of(sql))
                .toList();
    }

    /// The steps, ways in brackets, what cannot be read as a question mark.
    private static String shape(List<Step> steps) {
        StringBuilder shape = new StringBuilder();
        for (Step step : steps) {
            shape.append(
                    switch (step) {
                        case Step.Sql(Statement statement) ->
                            statement.node().kind().replace("Stmt", "");
                        case Step.Way(List<Step> taken) -> "[" + shape(taken) + "]";
                        case Step.Unread _ -> "?";
                    });
            shape.append(' ');
        }
        return shape.toString().strip();
    }

    private static String shape(String body) {
        return shape(block("do $$ " + body + " $$").steps());
    }

    @Test
    void statements_stand_where_they_are_in_the_file() {
        String sql = """
                -- größe
                SELECT 'ß';
                DO LANGUAGE plpgsql $body$
                DECLARE n int;
                BEGIN
                  UPDATE t SET a = 1; UPDATE t SET a = 1;
                  ALTER TABLE "größe"
                    ADD COLUMN b bigserial;
                END $body$;
                """;

        assertThat(texts(sql))
                .containsExactly(
                        "UPDATE t SET a = 1",
                        "UPDATE t SET a = 1",
                        "ALTER TABLE \"größe\"\n    ADD COLUMN b bigserial");
        Statement last = block(sql).statements().getLast();
        Node column = last.node().list("cmds").getFirst().child("def");
        assertThat(script(sql).placeOf(last, column).toString()).isEqualTo("8:16");
        assertThat(block(sql).statements().get(1).span().start())
                .isGreaterThan(block(sql).statements().getFirst().span().start());
    }

    @Test
    void what_may_be_taken_or_not_is_a_way() {
        assertThat(shape(
                        "begin drop table a; if x then drop table b; elsif y then drop index c; else update t set a = 1;"
                                + " end if; end"))
                .isEqualTo("Drop [Drop] [Drop] [Update]");
        assertThat(
                        shape(
                                "begin for i in 1..3 loop delete from t; end loop; while true loop delete from t; end loop; end"))
                .isEqualTo("[Delete] [Delete]");
        assertThat(shape("declare r record; begin for r in select 1 loop delete from t; end loop;"
                        + " case 1 when 1 then delete from t; else update t set a = 1; end case; end"))
                .isEqualTo("[Delete] [Delete] [Update]");
        assertThat(shape("declare r record; begin for r in execute 'select 1' loop delete from t; end loop; end"))
                .isEqualTo("Select [Delete]");
    }

    @Test
    void what_a_handler_may_undo_is_a_way_and_so_is_what_follows_a_return() {
        assertThat(shape("begin alter table t add a int; exception when duplicate_column then drop table t; end"))
                .isEqualTo("[AlterTable] [Drop]");
        assertThat(shape("begin begin drop table a; exception when others then null; end; drop table b; end"))
                .isEqualTo("[Drop] Drop");
        assertThat(shape("begin drop table a; if x then return; end if; drop table b; end"))
                .isEqualTo("Drop [Drop]");
    }

    @Test
    void a_constant_that_is_executed_is_read_and_a_computed_one_is_not() {
        String sql = "DO $$ BEGIN\n  EXECUTE 'UPDATE t SET a = ''it''''s'', b = ''x'';\n DROP TABLE t';\n"
                + "  EXECUTE $x$DROP TABLE u$x$;\n  EXECUTE 'DROP TABLE ' || name; END $$";

        assertThat(shape(block(sql).steps())).isEqualTo("Update Drop Drop ?");
        assertThat(texts(sql).subList(1, 3)).containsExactly("DROP TABLE t", "DROP TABLE u");
        assertThat(block(sql).statements().getFirst().node().toString()).contains("it's");
        assertThat(block(sql).unread())
                .singleElement()
                .satisfies(unread -> assertThat(unread.span().of(sql)).isEqualTo("'DROP TABLE ' || name"));
    }

    @Test
    void a_block_in_quotes_is_read_as_well() {
        String sql = "DO 'BEGIN UPDATE t SET a = ''x'' WHERE b = ''y''; DROP TABLE t; END' LANGUAGE plpgsql";

        assertThat(texts(sql).getLast()).isEqualTo("DROP TABLE t");
        assertThat(shape(block(sql).steps())).isEqualTo("Update Drop");
    }

    @Test
    void into_and_its_target_are_left_out_and_places_hold() {
        String sql = "DO $$ DECLARE n int; BEGIN\n DELETE FROM t RETURNING a INTO n; DROP TABLE t; END $$";

        assertThat(texts(sql).getFirst()).startsWith("DELETE FROM t RETURNING a");
        assertThat(texts(sql).getLast()).isEqualTo("DROP TABLE t");
    }

    @Test
    void what_is_performed_stands_where_it_is_too() {
        String sql = "DO $$ BEGIN\n PERFORM 1; PERFORM set_config('a.b', 'c', true); DROP TABLE t; END $$";

        assertThat(texts(sql)).containsExactly("PERFORM 1", "PERFORM set_config('a.b', 'c', true)", "DROP TABLE t");
    }

    @Test
    void transactions_are_ended_in_a_block_too() {
        assertThat(shape("begin delete from t; commit; end")).isEqualTo("Delete Transaction");
    }

    @Test
    void what_cannot_be_read_is_said() {
        assertThat(block("DO LANGUAGE plpython3u $$ pass $$")
                        .unread()
                        .getFirst()
                        .what())
                .contains("plpython3u");
        assertThat(block("DO E'BEGIN NULL; END'").unread().getFirst().what()).contains("escapes");
        assertThat(block("DO $$ BEGIN IF END $$").unread().getFirst().what()).contains("does not accept");
        assertThat(block("DO $$ BEGIN EXECUTE 'DROP TABEL t'; END $$")
                        .unread()
                        .getFirst()
                        .what())
                .contains("TABEL");
    }

    @Test
    void of_many_blocks_each_is_read_in_its_place() {
        String sql = "DO $$ BEGIN UPDATE größe SET a = 1; EXECUTE 'DROP TABLE t'; END $$;\n".repeat(100);

        var blocks = new BlockReader(PARSER).blocks(script(sql), false);

        assertThat(blocks).hasSize(100);
        assertThat(blocks.values())
                .allSatisfy(block -> assertThat(block.statements())
                        .extracting(statement -> statement.span().of(sql))
                        .containsExactly("UPDATE größe SET a = 1", "DROP TABLE t"));
    }

    @Test
    void its_words_stand_where_they_are_in_the_file() {
        String sql = "SELECT 'ß';\nDO $$ BEGIN -- why\n NULL; END $$";

        assertThat(block(sql).words())
                .filteredOn(word -> word.isComment())
                .singleElement()
                .satisfies(word -> assertThat(word.span().of(sql)).isEqualTo("-- why"));
    }
}
