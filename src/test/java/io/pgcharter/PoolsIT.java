package io.pgcharter;

import static org.assertj.core.api.Assertions.assertThat;

import io.pgcharter.platform.notice.HttpReceiver;
import io.pgcharter.platform.postgres.PostgresUrl;
import io.pgcharter.platform.postgres.Session;
import io.pgcharter.platform.sandbox.TestServers;
import io.pgcharter.policy.check.Check;
import io.pgcharter.policy.check.Checkbook;
import java.io.IOException;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import tools.jackson.databind.JsonNode;

/// Pools sized by what a real server has room for, and a real PgBouncer that runs with the settings that were written.
/// Names of roles and databases are such as nobody should choose.
@Timeout(120)
class PoolsIT {
    private static final String PASSWORD = "pass'w\"ord";
    private static final String ODD = "odd \"one's";

    private static OwnServer server;
    private static Path secrets;

    private final Path directory = TestServers.directory();
    private final int port = OwnPooler.freePort();
    private final Map<String, String> variables = new HashMap<>();
    private Commands commands;

    @BeforeAll
    static void start() throws IOException {
        server = new OwnServer(15, "max_connections = 40", "superuser_reserved_connections = 3");
        server.execute("postgres", "create database shop");
        server.execute("postgres", "create database \"led'ger book\"");
        for (String role : List.of("app", "worker", "stats", ODD)) {
            server.execute(
                    "postgres",
                    "create role \"" + role.replace("\"", "\"\"") + "\" login password '" + PASSWORD.replace("'", "''")
                            + "'");
        }
        server.execute("postgres", "alter role worker connection limit 3");
        server.execute("postgres", "alter role \"" + ODD.replace("\"", "\"\"") + "\" connection limit 4");
        server.admit("local all app,worker,stats scram-sha-256\nlocal all \"" + ODD.replace("\"", "\"\"")
                + "\" scram-sha-256");
        secrets = TestServers.directory().resolve("userlist.txt");
        // As docs/pools.md says: the server's own SCRAM secrets, no password.
        Files.writeString(
                secrets,
                server.ask(
                                "postgres",
                                "select string_agg(format('\"%s\" \"%s\"', replace(rolname, '\"', '\"\"'), rolpassword), chr(10))"
                                        + " from pg_authid where rolpassword is not null")
                        + "\n");
    }

    @AfterAll
    static void stop() {
        server.close();
    }

    @BeforeEach
    void variables() {
        variables.put("PGCHARTER_CHARTER", directory.resolve("charter.yaml").toString());
        variables.put("STATE", Scene.text(TestServers.fresh(15)));
        variables.put("SHOP", Scene.text(server.url("shop")));
        variables.put("LEDGER", Scene.text(server.url("shop")).replace("/shop?", "/led%27ger%20book?"));
        variables.put(
                "CONSOLE",
                "postgres://stats:" + URLEncoder.encode(PASSWORD, StandardCharsets.UTF_8) + "@127.0.0.1:" + port
                        + "/pgbouncer?sslmode=disable");
        commands = new Commands(variables);
    }

    private void charter(String pooler, String more) throws IOException {
        Files.writeString(directory.resolve("charter.yaml"), """
                charter: 1
                environments: { production: {} }
                databases:
                  shop: { environment: production, url: "${env:SHOP}" }
                  ledger: { environment: production, url: "${env:LEDGER}" }
                state: { url: "${env:STATE}", directory: s }
                pools:
                  main:
                    listen_port: %d
                    auth_file: %s
                    admin: "${env:CONSOLE}"
                %s
                %s
                """.formatted(port, secrets, pooler.indent(4), more));
    }

    private static final String SHARED = """
            pool_mode: transaction
            budget: 6
            max_client_conn: 200
            databases:
              shop: { share: 2, users: [app, worker] }
              ledger: { users: ['odd "one''s'] }
            """;

    private OwnPooler pooler() {
        commands.done("pools", "main", "--write", directory.toString());
        return new OwnPooler(directory.resolve("pgbouncer.ini"), port);
    }

    private PostgresUrl through(String user, String database) {
        return OwnPooler.url(port, user, PASSWORD, database);
    }

    private JsonNode main() {
        return commands.json("pools", "main", "--json")
                .path("report")
                .path("poolers")
                .path(0);
    }

    // ---- a PgBouncer with these settings
    // ------------------------------------------------------------------------------

    @Test
    void a_load_of_many_clients_never_takes_more_than_the_budget() throws IOException {
        charter(SHARED, "");
        try (OwnPooler _ = pooler();
                ExecutorService clients = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Future<?>> done = new ArrayList<>();
            for (int client = 0; client < 90; client++) {
                PostgresUrl url = switch (client % 3) {
                    case 0 -> through("app", "shop");
                    case 1 -> through("worker", "shop");
                    default -> through(ODD, "ledger");
                };
                done.add(clients.submit(() -> work(url)));
            }
            Map<String, Integer> most = new HashMap<>();
            int together = 0;
            while (!done.stream().allMatch(Future::isDone)) {
                Map<String, Integer> now = taken();
                now.forEach((database, count) -> most.merge(database, count, Math::max));
                together = Math.max(
                        together, now.values().stream().mapToInt(count -> count).sum());
            }
            for (Future<?> each : done) {
                assertThat(each).succeedsWithin(java.time.Duration.ZERO);
            }
            assertThat(most).containsOnly(Map.entry("shop", 4), Map.entry("led'ger book", 2));
            assertThat(together).isEqualTo(6);
        }
    }

    private static void work(PostgresUrl url) {
        try (Session session = Session.open(url, "client")) {
            for (int turn = 0; turn < 5; turn++) {
                assertThat(session.query("select pg_sleep(0.02), current_user")
                                .getFirst()
                                .string(1))
                        .isEqualTo(url.user());
            }
        }
    }

    /// By database.
    private static Map<String, Integer> taken() {
        try (Session session = Session.open(server.url("postgres"), "test")) {
            return session
                    .query(
                            "select datname, count(*) from pg_stat_activity where usename in ('app', 'worker', $1) group by 1",
                            ODD)
                    .stream()
                    .collect(Collectors.toMap(row -> row.string(0), row -> (int) row.number(1)));
        }
    }

    @Test
    void a_pool_without_a_free_connection_is_critical_until_it_has_one()
            throws IOException, ExecutionException, InterruptedException {
        try (HttpReceiver hook = new HttpReceiver();
                ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            variables.put("HOOK", hook.url("/hook"));
            commands = new Commands(variables);
            charter(SHARED, """
                    alerts:
                      receivers: { hook: { webhook: { url: "${env:HOOK}", secret: "${env:HOOK}" } } }
                      after: { crit: 0s, warn: 0s, unknown: 0s }
                      clear-after: 1s
                      group-for: 1s
                    watch:
                      every: 1s
                      check-every: 1s
                      checks:
                    """ + others());
            try (ChildJvm serve = commands.start("serve")) {
                serve.says("pgcharter serves");
                Wait.until(
                        "that nobody can look is told",
                        () -> told(hook, "watch/unseen", "check pool-waiters cannot see", "SERVER_UNREACHABLE"));
                try (OwnPooler _ = pooler();
                        Session one = Session.open(through(ODD, "ledger"), "holder");
                        Session other = Session.open(through(ODD, "ledger"), "holder")) {
                    Wait.until("that it is seen is told", () -> told(hook, "\"over\"", "watch/unseen"));
                    one.execute("begin; select 1");
                    other.execute("begin; select 1");
                    Future<?> waits = threads.submit(() -> work(through(ODD, "ledger")));

                    Wait.until(
                            "who waits is told",
                            () -> told(hook, "check/pool-waiters", "\"crit\"", "client waits, the first for "));
                    assertThat(waits).isNotDone();
                    assertThat(commands.run("health", "--json")).isEqualTo(1);
                    assertThat(commands.printed())
                            .contains("main ledger/" + ODD.replace("\"", "\\\""), "2 of 2 server connections work");

                    one.execute("commit");
                    waits.get();
                    Wait.until("that it is over is told", () -> told(hook, "\"over\"", "check/pool-waiters"));
                }
                assertThat(serve.lines()).noneMatch(line -> line.contains(PASSWORD));
            }
        }
    }

    private static String others() {
        return Checkbook.published().all().stream()
                .map(Check::id)
                .filter(check -> !check.equals("pool-waiters"))
                .map(check -> "    " + check + ": { enabled: false }\n")
                .collect(Collectors.joining());
    }

    /// Whether a notice was taken that has all of `texts` in it.
    private static boolean told(HttpReceiver hook, String... texts) {
        return hook.requests("/hook").stream()
                .anyMatch(request -> Arrays.stream(texts).allMatch(request.body()::contains));
    }

    // ---- sizes, and their evidence
    // ------------------------------------------------------------------------------------

    @Test
    void the_budget_is_what_the_server_has_room_for() throws IOException {
        charter("databases: { shop: { users: [app] }, ledger: { users: [app, worker, nobody] } }", "");
        try (Session _ = Session.open(server.url("postgres"), "test");
                Session held = holding("visitor");
                Session alsoHeld = holding("visitor")) {
            JsonNode main = main();
            JsonNode budget = main.path("budgets").path(0);
            Map<String, Integer> evidence = new HashMap<>();
            budget.path("evidence")
                    .forEach(item -> evidence.put(
                            item.path("what").stringValue(),
                            item.path("connections").asInt()));

            assertThat(held.serverMajor()).isEqualTo(alsoHeld.serverMajor());
            assertThat(evidence)
                    .containsEntry("max_connections", 40)
                    .containsEntry("superuser_reserved_connections", -3)
                    .containsEntry("held now by others: postgres 2", -2)
                    .containsEntry("pgcharter's own work: backups, checks", -4)
                    .containsEntry("left free, a tenth of max_connections", -4)
                    .hasSize(5);
            assertThat(budget.path("connections").asInt()).isEqualTo(27);
            assertThat(budget.path("stated").asBoolean()).isFalse();
            assertThat(main.path("pools").path(0).path("maxDbConnections").asInt())
                    .isEqualTo(14);
            assertThat(main.path("pools").path(1).path("maxDbConnections").asInt())
                    .isEqualTo(13);
            assertThat(main.path("pools").path(1).path("poolSize").asInt()).isEqualTo(4);
            assertThat(main.path("notes").toString()).contains("no role 'nobody' that may log in");
        }
        commands.done("pools");
        assertThat(commands.printed()).contains("what there is room for", "max_connections", "MAX_DB_CONNECTIONS");
    }

    /// A session that pgcharter did not open: it does not bear its name.
    private static Session holding(String name) {
        Session session = Session.open(server.url("postgres"), name);
        session.execute("set application_name = '" + name + "'");
        return session;
    }

    @Test
    void limits_of_roles_and_databases_are_kept() throws IOException {
        charter(SHARED, "");
        server.execute("postgres", "alter database shop connection limit 5");
        try {
            JsonNode main = main();
            assertThat(main.path("users").path(0).path("user").stringValue()).isEqualTo("worker");
            assertThat(main.path("users").path(0).path("maxUserConnections").asInt())
                    .isEqualTo(3);
            assertThat(main.path("pools").path(0).path("maxDbConnections").asInt())
                    .isEqualTo(3);
            assertThat(main.path("notes").toString())
                    .contains("CONNECTION LIMIT 5", "CONNECTION LIMIT 4, which PgBouncer cannot be told");
            server.execute("postgres", "alter database shop connection limit 3");
            assertThat(commands.run("pools", "main")).isEqualTo(1);
            assertThat(commands.printed()).contains("POOL_BUDGET_EXCEEDED", "leaves them 1", "has CONNECTION LIMIT 3");
        } finally {
            server.execute("postgres", "alter database shop connection limit -1");
        }
    }

    @Test
    void a_budget_that_is_more_than_there_is_or_less_than_is_needed_is_one_clear_error() throws IOException {
        charter(SHARED.replace("budget: 6", "budget: 50"), "");
        assertThat(commands.run("pools")).isEqualTo(1);
        assertThat(commands.printed())
                .contains("POOL_BUDGET_EXCEEDED: pooler 'main' may take 50 connections")
                .containsPattern("room for 3[0-9]")
                .containsPattern("write 'budget: 3[0-9]' in .*charter.yaml:8");

        charter(SHARED.replace("budget: 6", "budget: 5\nreserve_pool_size: 1"), "");
        assertThat(commands.run("pools")).isEqualTo(1);
        assertThat(commands.printed()).contains("need 6 connections", "its budget is 5");

        assertThat(commands.run("pools", "mian")).isEqualTo(1);
        assertThat(commands.printed()).contains("did you mean \"main\"?");
    }

    // ---- the file
    // -----------------------------------------------------------------------------------------------------

    @Test
    void a_file_that_somebody_wrote_or_changed_is_left_alone() throws IOException {
        charter(SHARED, "");
        Path ini = directory.resolve("pgbouncer.ini");
        Files.writeString(ini, "[pgbouncer]\n");
        assertThat(commands.run("pools", "main", "--write", directory.toString()))
                .isEqualTo(1);
        assertThat(commands.printed()).contains("TARGET_NOT_EMPTY", "--replace");
        assertThat(ini).hasContent("[pgbouncer]");

        commands.done("pools", "main", "--write", directory.toString(), "--replace");
        String written = Files.readString(ini);
        commands.done("pools", "main", "--write", directory.toString());
        assertThat(ini).hasContent(written);

        Files.writeString(ini, written.replace("pool_size=2", "pool_size=200"));
        assertThat(commands.run("pools", "main", "--write", directory.toString()))
                .isEqualTo(1);
        assertThat(Files.readString(ini)).contains("pool_size=200");

        commands.done("pools", "main", "--ini");
        assertThat(commands.printed().strip())
                .isEqualTo(written.substring(written.indexOf('\n') + 1).strip());
        assertThat(written)
                .doesNotContain(PASSWORD, "pass%27", "SCRAM-SHA-256$")
                .contains("stats_users = stats");
        try (var files = Files.list(directory)) {
            assertThat(files.map(Path::getFileName).map(Path::toString))
                    .containsExactlyInAnyOrder("charter.yaml", "pgbouncer.ini", "s");
        }
        assertThat(commands.run(
                        "pools", "main", "--write", directory.resolve("nowhere").toString()))
                .isEqualTo(1);
        assertThat(commands.printed()).contains("STORAGE_UNREACHABLE", "nowhere");
        assertThat(commands.run("pools", "--ini")).isEqualTo(2);
    }
}
