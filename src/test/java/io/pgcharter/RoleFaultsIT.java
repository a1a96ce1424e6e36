package io.pgcharter;

import static org.assertj.core.api.Assertions.assertThat;

import io.pgcharter.model.operation.Operation;
import io.pgcharter.model.operation.Report;
import io.pgcharter.model.problem.Problem;
import io.pgcharter.model.problem.ProblemCode;
import io.pgcharter.model.secret.Secret;
import io.pgcharter.platform.postgres.PostgresUrl;
import io.pgcharter.platform.postgres.Session;
import io.pgcharter.platform.sandbox.TestServers;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Logins that are refused, roles that may not, roles that are limited, servers that are full or away.
@Timeout(60)
class RoleFaultsIT {
    private static final String PASSWORD = "canary-41c7";

    private static final String LIMITS = """
            alter role clerk set statement_timeout = '40ms';
            alter role clerk set lock_timeout = '1ms';
            alter role clerk set idle_in_transaction_session_timeout = '40ms';
            alter role clerk set idle_session_timeout = '400ms';
            alter role clerk set default_transaction_isolation = 'serializable';
            alter role clerk set search_path = 'nowhere';
            alter role clerk set datestyle = 'German'""";

    private static OwnServer server;
    private static Cable line;
    private static Scene scene;
    private int listed;

    @BeforeAll
    static void start() {
        server = new OwnServer(15, "max_connections = 12", "superuser_reserved_connections = 1");
        line = new Cable(server.socket());
        server.execute("postgres", "create role clerk login password '" + PASSWORD + "'");
        server.execute("postgres", "create database shop");
        server.admit("local all clerk scram-sha-256");
        scene = new Scene(
                clerk("shop", PASSWORD), clerk("copy", PASSWORD), Scene.CHARTER + "state: { url: \"${env:STATE}\" }\n");
        scene.variables.put("STATE", Scene.text(TestServers.fresh(15)));
        scene.done(new Operation.RepositoryInit(Scene.VAULT));
    }

    @AfterAll
    static void stop() {
        scene.close();
        line.close();
        server.close();
    }

    @BeforeEach
    void fill_the_shop() {
        server.execute("postgres", "drop database if exists copy with (force)");
        server.execute("postgres", "create database copy owner clerk");
        server.execute("shop", """
                drop schema public cascade; create schema public authorization clerk;
                create table item (id int primary key, at date default '2026-01-31', note text);
                insert into item (id, note) select i, repeat(md5(i::text), 8) from generate_series(1, 50000) i;
                create table secret (id int);
                insert into secret values (1)""");
        server.execute("shop", "grant select on item to clerk; grant select on secret to clerk");
        listed = scene.backups().size();
    }

    @AfterEach
    void forget() {
        server.execute("postgres", "alter role clerk reset all; alter role clerk nobypassrls connection limit -1");
    }

    @Test
    void a_wrong_password_is_refused_and_not_shown() {
        Report.Backup backup = scene.backup();

        meanwhile("SHOP_URL", Scene.text(clerk("shop", "canary-0000")), () -> {
            refused(backup());
            refused(copy());
        });
        meanwhile("COPY_URL", Scene.text(clerk("copy", "canary-0000")), () -> {
            refused(restore(backup));
            refused(copy());
        });

        assertThat(scene.backups()).hasSize(listed + 1);
        Traces.vanish(server.url("postgres"));
    }

    private static void refused(Operation work) {
        Problem problem = scene.failed(work);

        Traces.readsWell(problem);
        assertThat(problem.code()).isEqualTo(ProblemCode.LOGIN_REFUSED);
        assertThat(problem.fact()).contains("clerk");
        assertThat(problem.cause()).contains("password authentication failed");
        assertThat(problem.remedy()).contains("psql");
        assertThat(problem.toString()).doesNotContain("canary");
    }

    @Test
    void the_command_line_says_it_in_three_lines_and_ends_with_1() {
        Map<String, String> variables = new HashMap<>(scene.variables);
        variables.put("SHOP_URL", Scene.text(clerk("shop", "canary-0000")));
        Console console = new Console(variables, scene.directory.resolve("charter.yaml"));

        for (String[] words : new String[][] {{"backup", "shop"}, {"copy", "shop", "copy"}}) {
            assertThat(console.run(words)).isEqualTo(1);
            assertThat(console.err())
                    .containsPattern("LOGIN_REFUSED: .*\\R +cause: .*\\R +remedy: ")
                    .doesNotContain("\tat ", "Exception", "canary");
        }
    }

    /// Runs a test of which one variable is different.
    private static void meanwhile(String variable, String value, Runnable test) {
        String before = scene.variables.getOrDefault(variable, "");
        try {
            scene.variables.put(variable, value);
            scene.restart();
            test.run();
        } finally {
            scene.variables.put(variable, before);
            scene.restart();
        }
    }

    @Test
    void a_host_that_is_down_ends_every_work_in_seconds() {
        Report.Backup backup = scene.backup();
        meanwhile("SHOP_URL", "postgres://clerk@127.0.0.1:1/shop?sslmode=disable", () -> {
            down(backup());
            down(copy());
        });
        meanwhile("COPY_URL", "postgres://clerk@no-such-host.invalid/copy?sslmode=disable", () -> {
            down(restore(backup));
            down(copy());
        });
        meanwhile("COPY_URL", "postgres://clerk@192.0.2.1/copy?sslmode=disable&connect_timeout=1", () -> {
            down(restore(backup));
        });
        assertThat(scene.backups()).hasSize(listed + 1);
    }

    private static void down(Operation work) {
        long begun = System.nanoTime();
        Problem problem = scene.failed(work);

        assertThat(Duration.ofNanos(System.nanoTime() - begun)).isLessThan(Duration.ofSeconds(8));
        Traces.readsWell(problem);
        assertThat(problem.code()).isEqualTo(ProblemCode.SERVER_UNREACHABLE);
        assertThat(problem.remedy()).containsAnyOf("pg_isready", "getent hosts", "connect_timeout");
    }

    @Test
    void a_table_that_the_role_may_not_read_is_named_with_the_grant_that_helps() {
        server.execute("shop", "revoke select on secret from clerk");

        for (Operation work : List.of(backup(), copy())) {
            Problem problem = scene.failed(work);

            Traces.readsWell(problem);
            assertThat(problem.code()).isEqualTo(ProblemCode.PRIVILEGE_MISSING);
            assertThat(problem.fact()).contains("'clerk'", "'public.secret'").doesNotContain("item");
            assertThat(problem.remedy()).isEqualTo("GRANT pg_read_all_data TO \"clerk\"");
        }
        assertThat(scene.backups()).hasSize(listed);
        Traces.vanish(server.url("postgres"));
        assertThat(server.ask("copy", "select count(*)::text from pg_namespace where nspname like 'pgcharter%'"))
                .isEqualTo("0");

        server.execute("postgres", scene.failed(backup()).remedy());
        assertThat(scene.backup().rowCount()).isEqualTo(50_001);
        server.execute("postgres", "revoke pg_read_all_data from clerk");
    }

    @Test
    void rows_that_row_level_security_hides_are_never_left_out_in_silence() {
        server.execute("shop", """
                alter table item enable row level security;
                create policy few on item to clerk using (id < 10)""");

        for (Operation work : List.of(backup(), copy())) {
            Problem problem = scene.failed(work);

            Traces.readsWell(problem);
            assertThat(problem.code()).isEqualTo(ProblemCode.PRIVILEGE_MISSING);
            assertThat(problem.fact()).contains("'public.item'", "only some rows");
            assertThat(problem.remedy()).isEqualTo("ALTER ROLE \"clerk\" BYPASSRLS");
        }
        assertThat(scene.backups()).hasSize(listed);

        server.execute("postgres", scene.failed(backup()).remedy());
        assertThat(scene.backup().rowCount()).isEqualTo(50_001);
    }

    @Test
    void limits_that_are_set_for_the_role_break_nothing() {
        server.execute("postgres", LIMITS);

        Report.Backup backup = scene.backup();
        Report.Copy copy = (Report.Copy) scene.done(copy());
        server.execute("copy", "drop owned by clerk cascade; create schema if not exists public authorization clerk");
        Report.Restore restore = (Report.Restore) scene.done(restore(backup));

        assertThat(List.of(backup.rowCount(), copy.rowCount(), restore.rowCount()))
                .containsOnly(50_001L);
        assertThat(copy.fingerprint()).isEqualTo(backup.fingerprint());
    }

    @Test
    void a_role_that_only_reads_is_enough_for_a_source_and_refused_as_a_target_before_anything_is_changed() {
        server.execute("postgres", "alter role clerk set default_transaction_read_only = on");

        Report.Backup backup = scene.backup();
        for (Operation work : List.of(restore(backup), copy())) {
            Problem problem = scene.failed(work);

            Traces.readsWell(problem);
            assertThat(problem.code()).isEqualTo(ProblemCode.STATEMENT_FAILED);
            assertThat(problem.cause()).contains("read-only transaction");
            assertThat(problem.remedy()).contains("default_transaction_read_only");
        }
        assertThat(server.ask("copy", "select count(*)::text from pg_namespace where nspname like 'pgcharter%'"))
                .isEqualTo("0");
        server.execute("postgres", "alter role clerk reset default_transaction_read_only");
        scene.done(restore(backup));
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1})
    void a_role_without_connections_left_says_so(int left) {
        exhausted(left);
    }

    @Tag("soak")
    @ParameterizedTest
    @ValueSource(ints = {2, 3})
    void so_does_one_whose_connections_end_in_the_middle(int left) {
        exhausted(left);
    }

    private void exhausted(int left) {
        Report.Backup backup = scene.backup();
        server.execute("postgres", "alter role clerk connection limit " + left);

        // A backup needs jobs + 1 connections, and one for pg_dump; a copy within one server twice as many.
        for (Operation work : left == 0 ? List.of(backup(), restore(backup), copy()) : List.of(copy())) {
            Problem problem = scene.failed(work);

            Traces.readsWell(problem);
            assertThat(problem.code()).isEqualTo(ProblemCode.CONNECTIONS_EXHAUSTED);
            assertThat(problem.cause()).contains("too many connections for role \"clerk\"");
            assertThat(problem.remedy()).contains("free connections");
            Traces.vanish(server.url("postgres"));
        }
        server.execute("postgres", "alter role clerk connection limit -1");
        assertThat(scene.backups()).hasSize(listed + 1);
        scene.done(copy());
    }

    @Test
    void a_server_whose_slots_are_all_taken_says_so() {
        List<Session> crowd = new ArrayList<>();
        try {
            for (int count = 0; count < 11; count++) {
                crowd.add(Session.open(server.url("postgres"), "crowd"));
            }
            crowd.forEach(session -> session.execute("set application_name = 'crowd'"));
            Problem problem = scene.failed(backup());

            Traces.readsWell(problem);
            assertThat(problem.code()).isEqualTo(ProblemCode.CONNECTIONS_EXHAUSTED);
        } finally {
            crowd.forEach(Session::close);
        }
        Traces.vanish(server.url("postgres"));
        scene.backup();
    }

    private static PostgresUrl clerk(String database, String password) {
        PostgresUrl url = line.url(database, 30_000);
        return new PostgresUrl(
                url.host(),
                url.port(),
                database,
                "clerk",
                Optional.of(new Secret(password)),
                Map.of("sslmode", "disable", "connect_timeout", "2"));
    }

    private static Operation backup() {
        return new Operation.Backup(Scene.SHOP, Scene.VAULT);
    }

    private static Operation copy() {
        return new Operation.Copy(Scene.SHOP, Scene.COPY, false);
    }

    private static Operation restore(Report.Backup backup) {
        return new Operation.Restore(backup.backup(), Scene.VAULT, Scene.SHOP, Scene.COPY, List.of(), Optional.empty());
    }
}
