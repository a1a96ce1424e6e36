package io.pgcharter;

import static org.assertj.core.api.Assertions.assertThat;

import io.pgcharter.model.operation.Operation;
import io.pgcharter.model.operation.Report;
import io.pgcharter.model.problem.Problem;
import io.pgcharter.model.problem.ProblemCode;
import io.pgcharter.platform.postgres.PostgresUrl;
import io.pgcharter.platform.sandbox.TestServers;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// Databases in other encodings and locales, and roles that the target's server does not have.
class EncodingIT {
    private static final String NEW = "as it \"was\"";

    /// Text goes through psql as bytes in hexadecimal digits: psql's own encoding plays no part then.
    private static final String BYTES =
            "SELECT id, encode(convert_to(t, getdatabaseencoding()), 'hex') FROM public.t ORDER BY t, id";

    private static PostgresUrl database(int major, String name, String options) {
        Facts.psql(TestServers.server(major), "DROP DATABASE IF EXISTS \"%s\"".formatted(name));
        Facts.psql(TestServers.server(major), "CREATE DATABASE \"%s\" TEMPLATE template0 %s".formatted(name, options));
        return TestServers.server(major).withDatabase(name);
    }

    private static Scene scene(PostgresUrl source, PostgresUrl target) {
        Scene scene = new Scene(source, target);
        scene.done(new Operation.RepositoryInit(Scene.VAULT));
        return scene;
    }

    private static Operation.Restore restore(Report.Backup backup, Optional<String> newDatabase) {
        return new Operation.Restore(backup.backup(), Scene.VAULT, Scene.SHOP, Scene.COPY, List.of(), newDatabase);
    }

    private static String itself(PostgresUrl url) {
        return Facts.of(url).itself().getFirst();
    }

    @ParameterizedTest(name = "{0}: {1}")
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '"',
            value = {
                "14 | ENCODING 'LATIN1' LOCALE 'C'",
                "15 | ENCODING 'LATIN1' LOCALE 'C'",
                "15 | ENCODING 'EUC_JP' LOCALE 'C'",
                "15 | ENCODING 'UTF8' LOCALE 'C.UTF-8' LOCALE_PROVIDER icu ICU_LOCALE 'sv-SE-x-icu'",
            })
    void a_new_database_has_the_encoding_and_the_locale_of_the_origin(int major, String options) {
        PostgresUrl source = database(major, "odd", options);
        String text = options.contains("EUC_JP") ? "漢字" : options.contains("LATIN1") ? "äÿ" : "zä";
        Facts.psql(
                source,
                "SET client_encoding = 'UTF8'; CREATE TABLE public.t (id int, t text DEFAULT '%s');".formatted(text)
                        + "INSERT INTO public.t VALUES (1, 'z'), (2, 'a'), (3, E'\\t\\\\'), (4, DEFAULT)");
        String before = itself(source);

        try (Scene scene = scene(source, TestServers.fresh(major))) {
            Report.Backup backup = scene.backup();
            Facts.psql(
                    TestServers.server(major), "DROP DATABASE IF EXISTS \"%s\"".formatted(NEW.replace("\"", "\"\"")));
            scene.done(restore(backup, Optional.of(NEW)));
            PostgresUrl target = scene.url(Scene.COPY).withDatabase(NEW);

            assertThat(itself(target)).isEqualTo(before);
            Facts.assertSame(Facts.psql(source, BYTES), Facts.psql(target, BYTES));
            Facts.assertSame(Facts.schema(source), Facts.schema(target));
            if (options.contains("icu") || options.contains("EUC_JP")) {
                assertThat(scene.verify(backup.backup()).fingerprint()).isEqualTo(backup.fingerprint());
            }
            // The same text, in another encoding.
            scene.done(new Operation.Copy(Scene.SHOP, Scene.COPY, false));
            String plain = "SELECT id, convert_to(t, 'UTF8') FROM public.t ORDER BY id";
            Facts.assertSame(Facts.psql(source, plain), Facts.psql(scene.url(Scene.COPY), plain));
        }
    }

    @Test
    void bytes_of_no_known_encoding_travel_as_they_are() {
        PostgresUrl source = database(15, "bytes", "ENCODING 'SQL_ASCII' LOCALE 'C'");
        Facts.psql(
                source,
                "SET client_encoding = 'SQL_ASCII'; CREATE TABLE public.t (id int, t text);"
                        + "INSERT INTO public.t VALUES (1, E'\\xe4\\xff'), (2, E'\\xc3\\xa4'), (3, E'\\x80\\t\\\\')");
        String bytes =
                "SELECT id, encode(t::bytea, 'hex') FROM (SELECT id, replace(t, E'\\\\', E'\\\\\\\\') AS t FROM public.t) t ORDER BY id";

        try (Scene scene = scene(source, TestServers.fresh(15))) {
            Report.Backup backup = scene.backup();
            Facts.psql(TestServers.server(15), "DROP DATABASE IF EXISTS bytes_again");
            scene.done(restore(backup, Optional.of("bytes_again")));

            assertThat(Facts.psql(source, bytes)).containsExactly("1|e4ff", "2|c3a4", "3|80095c");
            PostgresUrl target = scene.url(Scene.COPY).withDatabase("bytes_again");
            Facts.assertSame(Facts.psql(source, bytes), Facts.psql(target, bytes));
            assertThat(itself(target)).isEqualTo(itself(source));
            assertThat(scene.verify(backup.backup()).rowCount()).isEqualTo(3);

            // Nor can a definition be written down whose bytes mean nothing.
            Facts.psql(source, "SET client_encoding = 'SQL_ASCII'; ALTER TABLE public.t ALTER t SET DEFAULT E'\\xe4'");
            Problem unwritable = scene.failed(new Operation.Backup(Scene.SHOP, Scene.VAULT));
            assertThat(unwritable.code()).isEqualTo(ProblemCode.PROGRAM_FAILED);
            assertThat(unwritable.cause()).contains("invalid byte sequence for encoding \"UTF8\"");

            // A database that says what its bytes mean does not take bytes that mean nothing.
            Problem problem = scene.failed(restore(backup, Optional.empty()));
            assertThat(problem.code()).isEqualTo(ProblemCode.STATEMENT_FAILED);
            assertThat(problem.cause()).contains("invalid byte sequence for encoding \"UTF8\"", "COPY t, line 1");
        }
    }

    @Test
    void text_that_the_targets_encoding_does_not_have_ends_the_restore() {
        PostgresUrl source = TestServers.fresh(15);
        Facts.psql(source, "CREATE TABLE public.t (id int, t text); INSERT INTO public.t VALUES (1, chr(128024))");

        try (Scene scene = scene(source, database(15, "narrow", "ENCODING 'LATIN1' LOCALE 'C'"))) {
            Problem problem = scene.failed(restore(scene.backup(), Optional.empty()));

            assertThat(problem.code()).isEqualTo(ProblemCode.STATEMENT_FAILED);
            assertThat(problem.cause()).contains("has no equivalent in encoding \"LATIN1\"", "COPY t, line 1");
        }
    }

    @Test
    void a_locale_that_the_server_does_not_have_is_said() {
        PostgresUrl source = database(15, "swedish", "LOCALE 'C.UTF-8' LOCALE_PROVIDER icu ICU_LOCALE 'sv'");
        Facts.psql(source, "CREATE TABLE public.t (id int, t text); INSERT INTO public.t VALUES (1, 'z')");

        try (Scene scene = scene(source, TestServers.fresh(14))) { // which knows no ICU databases
            Facts.psql(TestServers.server(14), "DROP DATABASE IF EXISTS swedish_again");
            Report.Restore report = (Report.Restore) scene.done(restore(scene.backup(), Optional.of("swedish_again")));

            assertThat(report.notes())
                    .contains("locale 'sv' is not on this server: text sorts by 'C' in the restored database");
            assertThat(report.rowCount()).isEqualTo(1);
        }
    }

    @Test
    void roles_that_are_missing_on_the_target_are_named_and_the_rows_are_there() {
        PostgresUrl source = TestServers.fresh(15);
        Facts.psql(source, """
                DROP ROLE IF EXISTS absent_owner; DROP ROLE IF EXISTS "absent Reader";
                CREATE ROLE absent_owner; CREATE ROLE "absent Reader";
                CREATE TABLE public.t (id int); INSERT INTO public.t VALUES (1), (2); ALTER TABLE public.t OWNER TO absent_owner;
                GRANT SELECT ON public.t TO "absent Reader" WITH GRANT OPTION; SET ROLE "absent Reader";
                GRANT SELECT ON public.t TO PUBLIC; RESET ROLE;
                SELECT lo_create(5); GRANT SELECT ON LARGE OBJECT 5 TO "absent Reader";
                ALTER DEFAULT PRIVILEGES FOR ROLE absent_owner GRANT SELECT ON TABLES TO "absent Reader";
                SELECT format('ALTER ROLE absent_owner IN DATABASE %I SET work_mem = ''7MB''', current_database()) \\gexec""");

        try (Scene scene = scene(source, TestServers.fresh(17))) {
            Report.Backup backup = scene.backup();
            Report.Restore report = (Report.Restore) scene.done(restore(backup, Optional.of("without_roles")));

            assertThat(report.notes())
                    .contains("roles that are missing here: 'absent Reader', 'absent_owner'")
                    .anyMatch(note -> note.endsWith("the objects belong to the role that restored them"))
                    .anyMatch(note -> note.endsWith("privileges of roles that are missing here or out of reach"));
            PostgresUrl target = scene.url(Scene.COPY).withDatabase("without_roles");
            assertThat(Facts.psql(target, "SELECT count(*) FROM public.t")).containsExactly("2");
            // A scratch server is ours: there the roles are made, and everything is as it was.
            assertThat(scene.verify(backup.backup()).notes()).noneMatch(note -> note.contains("missing here"));
        } finally {
            Facts.psql(TestServers.server(17), "DROP DATABASE IF EXISTS without_roles");
        }
    }

    @Test
    void a_policy_for_a_missing_role_ends_the_restore_and_names_the_role() {
        PostgresUrl source = TestServers.fresh(15);
        Facts.psql(source, """
                DROP ROLE IF EXISTS absent_watcher; CREATE ROLE absent_watcher; CREATE TABLE public.t (id int);
                ALTER TABLE public.t ENABLE ROW LEVEL SECURITY;
                CREATE POLICY watch ON public.t AS RESTRICTIVE TO absent_watcher USING (id > 0)""");

        try (Scene scene = scene(source, TestServers.fresh(17))) {
            Problem problem = scene.failed(restore(scene.backup(), Optional.empty()));

            assertThat(problem.fact()).contains("CREATE POLICY watch");
            assertThat(problem.cause()).contains("role \"absent_watcher\" does not exist");
            assertThat(problem.remedy())
                    .isEqualTo("create role 'absent_watcher' (the backup's roles.sql has it), then run again");
        }
    }
}
