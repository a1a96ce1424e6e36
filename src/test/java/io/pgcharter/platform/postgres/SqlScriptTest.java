package io.pgcharter.platform.postgres;

import static org.assertj.core.api.Assertions.assertThat;

import io.pgcharter.platform.postgres.SqlScript.Entry;
import io.pgcharter.platform.postgres.SqlScript.Statement;
import java.util.List;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class SqlScriptTest {
    private static final List<String> STATEMENTS = List.of(
            "SELECT 1;",
            "SELECT 'a;b''c;\\';",
            "SELECT E'a\\';b''\\\\';",
            "SELECT e'\\'';",
            "SELECT \"a;\"\"b'\";",
            "SELECT $$;'\"$ $$;",
            "SELECT $a$;$b$;$$;$a$;",
            "SELECT $é1$;$é1$, $1, a$b$c;",
            "SELECT 1 /* ; /* nested; */ ' ; */ + 2;",
            "SELECT 1 -- ; '\n + 2;",
            "CREATE RULE r AS ON INSERT TO t DO (SELECT 1; DELETE FROM u; NOTIFY x);",
            "CREATE FUNCTION f() RETURNS int LANGUAGE sql BEGIN ATOMIC SELECT 1; SELECT CASE WHEN a THEN 2 END; END;",
            "CREATE OR REPLACE PROCEDURE p(INOUT a int DEFAULT 1)\n    LANGUAGE sql\n    BEGIN ATOMIC\n  "
                    + "SELECT \"begin\"; INSERT INTO t VALUES (CASE 1 WHEN 1 THEN 'end' END);\nEND;",
            "CREATE TABLE \"begin\" (\"end\" int, note text DEFAULT '(');",
            "CREATE FUNCTION \"begin\"() RETURNS void LANGUAGE plpgsql AS $_$begin; end; $_$;",
            "CREATE TABLE t (begin_at int DEFAULT 1e5, x text DEFAULT 'x'::text);",
            "BEGIN;",
            "END;",
            "COMMENT ON TABLE t IS '\n-- Name: fake; Type: TABLE; Schema: x; Owner: y\n\\connect nowhere\n';");

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18})
    void each_kind_of_statement_stays_in_one_piece(int index) {
        String statement = STATEMENTS.get(index);
        assertThat(SqlScript.statements(statement + "\nSELECT 'next';"))
                .extracting(Statement::text)
                .containsExactly(statement, "SELECT 'next';");
    }

    @Provide
    Arbitrary<List<String>> scripts() {
        return Arbitraries.of(STATEMENTS).list().ofMaxSize(30);
    }

    @Provide
    Arbitrary<String> separators() {
        return Arbitraries.of("\n", "\n\n", " ", "\n--\n-- note; 'x\n--\n", "/* ;' */", "\n\\restrict abc'def\n", ";");
    }

    @Property
    void joined_statements_come_apart_as_they_were(
            @ForAll("scripts") List<String> script, @ForAll("separators") String separator) {
        assertThat(SqlScript.statements(separator + String.join(separator, script) + separator))
                .extracting(Statement::text)
                .containsExactlyElementsOf(script);
    }

    @Property
    void no_text_makes_it_fail_or_lose_statements(@ForAll String text) {
        List<Statement> once = SqlScript.statements(text);
        assertThat(once).allSatisfy(statement -> assertThat(text).contains(statement.text()));
    }

    @Test
    void headers_hold_until_the_next_one() {
        List<Statement> statements = SqlScript.statements("""
                --
                -- PostgreSQL database dump
                --

                \\restrict h2a

                SET lock_timeout = 0;

                --
                -- Name: a; Type: x; y; Type: TABLE; Schema: public; Owner: o p
                --

                CREATE TABLE t ();
                ALTER TABLE t OWNER TO o;
                -- Name: EXTENSION hstore; Type: COMMENT; Schema: -; Owner:\s
                COMMENT ON EXTENSION hstore IS '…';
                -- Name: i; Type: INDEX; Schema: s; Owner: o; Tablespace: fast
                CREATE INDEX i ON t (a)""");
        Entry table = new Entry("a; Type: x; y", "TABLE", "public", "o p");
        assertThat(statements.stream().map(Statement::entry).map(entry -> entry.orElse(null)))
                .containsExactly(
                        null,
                        table,
                        table,
                        new Entry("EXTENSION hstore", "COMMENT", "-", ""),
                        new Entry("i", "INDEX", "s", "o"));
        assertThat(statements.getLast().text()).isEqualTo("CREATE INDEX i ON t (a)");
    }

    @Test
    void a_script_of_thirty_megabytes_is_split_in_linear_time() {
        String piece =
                "-- Name: t; Type: TABLE; Schema: public; Owner: o\nCREATE TABLE t (a int, b text DEFAULT $x$;$x$);\n";
        assertThat(SqlScript.statements(piece.repeat(300_000))).hasSize(300_000);
    }
}
