package io.pgcharter.platform.state;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.pgcharter.Wait;
import io.pgcharter.model.problem.Problem;
import io.pgcharter.model.problem.ProblemCode;
import io.pgcharter.model.problem.ProblemException;
import io.pgcharter.model.secret.Secret;
import io.pgcharter.platform.postgres.PostgresUrl;
import io.pgcharter.platform.sandbox.TestServers;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Properties;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.jdbi.v3.core.Jdbi;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// The control database that a charter names: how its tables grow, and what is said when it cannot be used.
class SharedStateIT {
    private static final String CANARY = "canary-51c3-state";

    @TempDir
    Path directory;

    @Test
    void the_charter_s_database_is_used_and_keeps_its_rows() {
        Secret url = TestServers.text(TestServers.withPassword(15, CANARY));
        try (State state = State.open(url, directory)) {
            StateUser.write(state, "kept");
            assertThat(state.directory()).isEqualTo(directory);
            assertThat(strings(state.jdbi(), "select current_setting('application_name')"))
                    .containsExactly("pgcharter");
        }
        try (State state = State.open(url, directory)) {
            assertThat(runs(state.jdbi())).containsExactly("kept");
        }
        assertThat(directory.resolve("state")).doesNotExist();
    }

    @Test
    void an_older_schema_is_upgraded_and_keeps_its_rows() {
        Jdbi jdbi = jdbi(TestServers.fresh(15));
        SchemaVersions.bringUpTo(jdbi, 1);
        jdbi.useHandle(handle -> handle.execute("""
                insert into pgcharter.run (id, verb, operation, person, node, process, process_started)
                values ('old', 'test', '{}', 'nobody', 'test', 1, now())"""));
        assertThat(exists(jdbi, "pgcharter.journal")).isFalse();

        SchemaVersions.bringUpToDate(jdbi);

        assertThat(exists(jdbi, "pgcharter.journal")).isTrue();
        assertThat(versions(jdbi)).containsExactly(1, 2);
        assertThat(runs(jdbi)).containsExactly("old");
    }

    @Test
    void nodes_that_start_at_once_apply_each_script_once() throws InterruptedException, ExecutionException {
        Jdbi jdbi = jdbi(TestServers.fresh(15));
        try (ExecutorService nodes = Executors.newFixedThreadPool(4)) {
            List<Future<?>> upgrades = new ArrayList<>();
            for (int i = 0; i < 4; i++) {
                upgrades.add(nodes.submit(() -> SchemaVersions.bringUpToDate(jdbi)));
            }
            for (Future<?> upgrade : upgrades) {
                upgrade.get();
            }
        }
        assertThat(versions(jdbi)).containsExactly(1, 2);
    }

    @Test
    void a_schema_of_a_newer_program_is_refused_and_left_alone() {
        PostgresUrl url = TestServers.fresh(15);
        Jdbi jdbi = jdbi(url);
        SchemaVersions.bringUpToDate(jdbi);
        jdbi.useHandle(handle -> handle.execute("insert into pgcharter.schema_version values (3, now())"));

        Problem problem = failure(TestServers.text(url)).problem();

        assertThat(problem.code()).isEqualTo(ProblemCode.STATE_UNAVAILABLE);
        assertThat(problem.fact()).contains("schema version 3", "knows 2");
        assertThat(problem.cause()).contains("a newer pgcharter");
        assertThat(versions(jdbi)).containsExactly(1, 2, 3);
        assertNoSessions(jdbi);
    }

    @Test
    void a_database_that_cannot_be_opened_is_one_clear_problem_without_its_password() {
        PostgresUrl url = TestServers.withPassword(15, "another-pass");
        String right = TestServers.text(url).reveal();
        List<String> texts = List.of(
                right.replace("another-pass", CANARY),
                TestServers.text(url.withDatabase("nowhere")).reveal(),
                "postgres://keeper:" + CANARY + "@127.0.0.1:1/state?sslmode=disable",
                "postgres://keeper:" + CANARY + "@nowhere.invalid/state?sslmode=disable");
        for (String text : texts) {
            ProblemException thrown = failure(new Secret(text));

            assertThat(thrown.problem().code()).isEqualTo(ProblemCode.STATE_UNAVAILABLE);
            assertThat(thrown.problem().fact()).startsWith("the control database at '");
            assertThat(thrown.problem().cause()).isNotEqualTo("null");
            assertThat(thrown.problem().remedy()).contains("state.url");
            StringWriter trace = new StringWriter();
            thrown.printStackTrace(new PrintWriter(trace));
            assertThat(trace.toString()).doesNotContain(CANARY).doesNotContain("another-pass");
        }
        assertThat(Files.exists(directory.resolve("state"))).isFalse();
    }

    @Test
    void a_role_that_may_not_make_the_tables_is_told_so() {
        PostgresUrl url = TestServers.withPassword(15, "pass");
        Jdbi jdbi = jdbi(TestServers.server(15).withDatabase(url.database()));
        jdbi.useHandle(handle -> handle.execute("alter role " + url.user() + " nosuperuser"));

        Problem problem = failure(TestServers.text(url)).problem();

        assertThat(problem.code()).isEqualTo(ProblemCode.STATE_UNAVAILABLE);
        assertThat(problem.cause()).contains("permission denied");
        assertThat(problem.remedy()).contains("may create a schema");
        assertThat(exists(jdbi, "pgcharter.run")).isFalse();
        assertNoSessions(jdbi);
    }

    private ProblemException failure(Secret url) {
        ProblemException thrown = catchThrowableOfType(
                ProblemException.class, () -> State.open(url, directory).close());
        assertThat(thrown).isNotNull();
        return thrown;
    }

    private static void assertNoSessions(Jdbi jdbi) {
        Wait.until("no session is left", () -> strings(jdbi, """
                select application_name from pg_stat_activity
                where datname = current_database() and application_name = 'pgcharter'""").isEmpty());
    }

    private static Jdbi jdbi(PostgresUrl url) {
        Properties properties = new Properties();
        properties.setProperty("user", url.user());
        properties.setProperty("socketFactory", UnixSocketFactory.class.getName());
        properties.setProperty("socketFactoryArg", url.host() + "/.s.PGSQL." + url.port());
        properties.setProperty("sslmode", "disable");
        return Jdbi.create("jdbc:postgresql://localhost/" + url.database(), properties);
    }

    private static List<Integer> versions(Jdbi jdbi) {
        return jdbi.withHandle(handle -> handle.createQuery("select version from pgcharter.schema_version order by 1")
                .mapTo(Integer.class)
                .list());
    }

    private static boolean exists(Jdbi jdbi, String table) {
        return jdbi.withHandle(handle -> handle.createQuery("select to_regclass(:table) is not null")
                .bind("table", table)
                .mapTo(Boolean.class)
                .one());
    }

    private static List<String> runs(Jdbi jdbi) {
        return strings(jdbi, "select id from pgcharter.run");
    }

    private static List<String> strings(Jdbi jdbi, String sql) {
        return jdbi.withHandle(
                handle -> handle.createQuery(sql).mapTo(String.class).list());
    }
}
