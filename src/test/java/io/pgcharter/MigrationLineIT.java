package io.pgcharter;

import static org.assertj.core.api.Assertions.assertThat;

import io.pgcharter.engine.engine.Outcome;
import io.pgcharter.model.operation.SchemaOperation;
import io.pgcharter.model.operation.SchemaOperation.MigrateResolve.Standing;
import io.pgcharter.model.operation.SchemaReport;
import io.pgcharter.model.operation.SchemaReport.CarriedOut;
import io.pgcharter.model.operation.SchemaReport.MigrationRow;
import io.pgcharter.model.problem.Problem;
import io.pgcharter.model.problem.ProblemCode;
import io.pgcharter.platform.postgres.PostgresUrl;
import io.pgcharter.platform.postgres.Session;
import io.pgcharter.platform.sandbox.TestServers;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Migrations whose line breaks at the worst moments, and several programs that migrate one database at once.
@Timeout(120)
class MigrationLineIT {
    private static final int SILENCE_MILLIS = 1_500;

    private static final String CHARTER = """
            charter: 1
            environments:
              development: {}
            databases:
              shop: { environment: development, url: "${env:SHOP_URL}" }
              copy: { environment: development, url: "${env:COPY_URL}" }
            migrations:
              main: { layout: plain, path: m, databases: [copy] }
            state: { url: "${env:STATE}" }
            """;

    /// Its COMMIT waits for the lock 42.
    private static final String HELD_AT_COMMIT = """
            set lock_timeout = 0;
            create table a (id int);
            create function hold() returns trigger language plpgsql as
              $$ begin perform pg_advisory_xact_lock(42); return null; end $$;
            create constraint trigger held after insert on a deferrable initially deferred
              for each row execute function hold();
            insert into a values (1)""";

    private static final String WAITING = """
            select count(*)::text from pg_locks where locktype = 'advisory' and objid = 42 and not granted
              and database = (select oid from pg_database where datname = current_database())""";

    private final PostgresUrl direct = TestServers.fresh(18);
    private Cable cable;
    private Scene scene;

    @BeforeEach
    void open() {
        cable = new Cable(Path.of(direct.host(), ".s.PGSQL." + direct.port()));
        scene = new Scene(TestServers.fresh(18), cable.url(direct.database(), SILENCE_MILLIS), CHARTER);
        scene.variables.put("STATE", Scene.text(TestServers.fresh(18)));
    }

    @AfterEach
    void close() {
        scene.close();
        cable.close();
    }

    private void file(String name, String text) {
        Path file = scene.directory.resolve("m").resolve(name);
        try {
            Files.createDirectories(file.getParent());
            Files.writeString(file, text);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private Session session() {
        return Session.open(direct, "test");
    }

    private String ask(String sql) {
        try (Session session = session()) {
            return session.query(sql).getFirst().string(0);
        }
    }

    private List<MigrationRow> rows() {
        return ((SchemaReport.MigrateStatus) scene.done(new SchemaOperation.MigrateStatus(Scene.COPY))).rows();
    }

    private List<String> status() {
        return rows().stream().map(row -> row.name() + " " + row.standing()).toList();
    }

    private List<String> up() {
        return ((SchemaReport.MigrateUp) scene.done(new SchemaOperation.MigrateUp(Scene.COPY, Optional.empty())))
                .migrations().stream().map(CarriedOut::name).toList();
    }

    private CompletableFuture<Outcome> begun() {
        CompletableFuture<Outcome> outcome = CompletableFuture.supplyAsync(
                () -> scene.submit(new SchemaOperation.MigrateUp(Scene.COPY, Optional.empty())));
        Wait.until("it waits for the lock", () -> ask(WAITING).equals("1"));
        return outcome;
    }

    private static Problem failed(CompletableFuture<Outcome> outcome) throws Exception {
        return ((Outcome.Failed) outcome.get(30, TimeUnit.SECONDS)).problem();
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void a_line_lost_at_commit_is_neither_success_nor_failure_and_status_knows(boolean isCommitted) throws Exception {
        file("1_a.sql", HELD_AT_COMMIT);
        Problem problem;
        try (Session holder = session()) {
            holder.query("select pg_advisory_lock(42)");
            CompletableFuture<Outcome> outcome = begun();
            if (isCommitted) {
                cable.silence();
                holder.query("select pg_advisory_unlock(42)");
                Wait.until(
                        "it is committed",
                        () -> ask("select (to_regclass('a') is not null)::text").equals("true"));
                cable.cut();
            } else {
                cable.cut();
                Wait.until("the server has given it up", () -> ask(WAITING).equals("0"));
            }
            problem = failed(outcome);
        }
        cable.mend();

        assertThat(problem.code()).as(problem.text()).isEqualTo(ProblemCode.SERVER_UNREACHABLE);
        assertThat(problem.fact())
                .isEqualTo("migration '1_a' failed at " + scene.directory.resolve("m/1_a.sql") + ": at its COMMIT");
        assertThat(problem.cause())
                .contains("It is in the database if its row is: pgcharter migrate status copy")
                .doesNotContain("Nothing of it");
        assertThat(status()).containsExactly(isCommitted ? "1_a applied" : "1_a pending");
        assertThat(up()).isEqualTo(isCommitted ? List.of() : List.of("1_a"));
        assertThat(ask("select count(*)::text from a")).isEqualTo("1");
    }

    @Test
    void a_line_lost_in_the_middle_of_single_statements_is_explained_and_resolved() throws Exception {
        file("1_a.sql", """
                create table a ();
                vacuum a;
                set lock_timeout = 0;
                select pg_advisory_xact_lock(42);
                create table b ()""");
        Problem problem;
        try (Session holder = session()) {
            holder.query("select pg_advisory_lock(42)");
            CompletableFuture<Outcome> outcome = begun();
            cable.cut();
            problem = failed(outcome);
            Wait.until("the server has given it up", () -> ask(WAITING).equals("0"));
        }
        cable.mend();

        assertThat(problem.code()).isEqualTo(ProblemCode.MIGRATION_FAILED);
        assertThat(problem.fact()).contains("1_a.sql:4: select pg_advisory_xact_lock(42)");
        assertThat(problem.cause())
                .contains("of its 5 statements the first 3 were carried out")
                .contains("may be or may not");
        assertThat(status()).containsExactly("1_a failed");
        assertThat(rows().getFirst().note())
                .contains("of its 5 statements the first 3 were carried out")
                .contains("1_a.sql:4, may be or may not");
        assertThat(scene.failed(new SchemaOperation.MigrateUp(Scene.COPY, Optional.empty()))
                        .code())
                .isEqualTo(ProblemCode.MIGRATIONS_DIVERGED);
        scene.execute(Scene.COPY, "drop table a");
        scene.done(new SchemaOperation.MigrateResolve(Scene.COPY, "1_a", Standing.ROLLED_BACK));
        assertThat(up()).containsExactly("1_a");
    }

    private Commands commands(String state) {
        Map<String, String> variables = new HashMap<>(scene.variables);
        variables.put("STATE", state);
        variables.put(
                "PGCHARTER_CHARTER", scene.directory.resolve("charter.yaml").toString());
        return new Commands(variables);
    }

    /// The control database tells the second one at once.
    @Test
    void of_two_programs_that_migrate_at_once_one_does_and_the_other_says_what_happens() {
        migrateAtOnce(true);
    }

    /// Only the database itself tells.
    @Tag("soak")
    @Test
    void so_it_is_with_two_control_databases() {
        migrateAtOnce(false);
    }

    private void migrateAtOnce(boolean isOneState) {
        file("1_a.sql", "set lock_timeout = 0; select pg_advisory_xact_lock(42); create table a ()");
        String state = scene.variables.getOrDefault("STATE", "");
        Commands second = commands(isOneState ? state : Scene.text(TestServers.fresh(18)));
        try (Session holder = session()) {
            holder.query("select pg_advisory_lock(42)");
            try (ChildJvm one = commands(state).start("migrate", "up", "copy")) {
                Wait.until(
                        "the first one is in its migration", () -> ask(WAITING).equals("1"));
                try (ChildJvm other = second.start("migrate", "up", "copy")) {
                    if (isOneState) {
                        assertThat(other.exitCode()).isEqualTo(1);
                        assertThat(String.join("\n", other.lines()))
                                .contains("TARGET_BUSY", "migrate up")
                                .as("it need not wait for the database to say so")
                                .doesNotContain("advisory");
                    } else {
                        Wait.until("the second one is there", () -> ask("""
                                select count(*)::text from pg_stat_activity where datname = current_database()
                                  and query like '%pg_try_advisory_lock%' and pid <> pg_backend_pid()""").equals("1"));
                    }
                    holder.query("select pg_advisory_unlock(42)");
                    assertThat(one.exitCode())
                            .as(() -> String.join("\n", one.lines()))
                            .isZero();
                    if (!isOneState) {
                        assertThat(other.exitCode())
                                .as(() -> String.join("\n", other.lines()))
                                .isZero();
                        assertThat(String.join("\n", other.lines())).contains("nothing");
                    }
                }
            }
        }
        assertThat(ask("select count(*)::text from pgcharter_migrations")).isEqualTo("1");
        assertThat(status()).containsExactly("1_a applied");
    }
}
