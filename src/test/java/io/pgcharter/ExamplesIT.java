package io.pgcharter;

import static org.assertj.core.api.Assertions.assertThat;

import io.pgcharter.model.secret.Secret;
import io.pgcharter.platform.postgres.PostgresUrl;
import io.pgcharter.platform.postgres.Session;
import io.pgcharter.platform.repository.Repository;
import io.pgcharter.platform.repository.SnapshotWriter;
import io.pgcharter.platform.sandbox.TestServers;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.Timeout;
import tools.jackson.databind.JsonNode;

/// The examples' own charters, served by a process, on databases of a real server: what their READMEs promise
/// happens.
@Timeout(180)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class ExamplesIT {
    /// What the charter of poc3 has thresholds for, and what its rows are about besides.
    private static final List<String> PLANNED = List.of(
            "availability",
            "connections",
            "backup-age",
            "replica-lag",
            "repository-disk",
            "state-disk",
            "settings-drift",
            "statement-p95");

    private static final int CONNECTIONS = 40;

    /// What ordinary users can have of them.
    private static final int SEATS = CONNECTIONS - 3;

    private OwnServer server;

    @BeforeAll
    void start() {
        server = new OwnServer(
                15, "shared_preload_libraries = 'pg_stat_statements'", "max_connections = " + CONNECTIONS);
    }

    @AfterAll
    void stop() {
        server.close();
    }

    private PostgresUrl database(String name, String... statements) {
        server.execute("postgres", "create database " + name);
        for (String statement : statements) {
            server.execute(name, statement);
        }
        return server.url(name);
    }

    /// Takes nine tenths of the server's connections.
    private List<Session> crowd(PostgresUrl url) {
        List<Session> crowd = new ArrayList<>();
        while (crowd.size() < SEATS * 9 / 10) {
            crowd.add(Session.open(url, "test"));
        }
        return crowd;
    }

    @Test
    void neon_railway_makes_its_copies_in_time_and_tells_of_what_should_not_happen() {
        String users = "create table users as select i as id, 'user ' || i as name from generate_series(1, 5000) i";
        String content = "select md5(string_agg(u::text, ',' order by id)) from users u";
        PostgresUrl production = database("neon_production", users);
        try (ExampleScene scene = new ExampleScene(
                "neon-railway",
                Map.of(
                        "PRODUCTION_DATABASE_URL", production,
                        "BACKUP_DATABASE_URL", database("neon_backup"),
                        "DEVELOPMENT_DATABASE_URL", database("neon_development")),
                Map.of())) {
            scene.serve("America/New_York");
            scene.check("backup", "unexpected-writes");

            // N1: done at its time, by itself, although the watch is connected to what is replaced
            Wait.until(
                    "the watch is connected",
                    () -> !server.ask(
                                    "postgres",
                                    "select count(*) from pg_stat_activity where datname = 'neon_backup'"
                                            + " and application_name = 'pgcharter watch'")
                            .equals("0"));
            scene.run("to-backup", 1);
            scene.run("to-development", 1);
            assertThat(server.ask("neon_backup", content))
                    .isEqualTo(server.ask("neon_development", content))
                    .isEqualTo(server.ask("neon_production", content));
            assertThat(nextDue(scene, "to-backup")).isIn("06:00", "18:00");
            assertThat(nextDue(scene, "to-development")).isIn("06:15", "18:15");
            assertThat(scene.level("backup", "unexpected-writes"))
                    .as("the copy's own rows are expected")
                    .isIn("NOT_APPLICABLE", "OK");

            // N1: missed while nobody served
            scene.kill();
            server.execute("neon_production", "insert into users values (5001, 'late')");
            scene.due(
                    "to-backup",
                    "date_trunc('day', now() at time zone 'UTC') at time zone 'UTC' - interval '18 hours'");
            scene.due("to-development", "now() - interval '26 hours'");
            scene.serve("Asia/Kathmandu");
            String newest = " from pgcharter.job_run where job = 'to-backup' and due_at < now() - interval '2 minutes'";
            Wait.until(
                    "the newest that was missed is caught up",
                    () -> scene.ask(
                                    "select max(outcome) filter (where due_at = latest) from (select *, max(due_at) over () latest"
                                            + newest + ") j")
                            .equals("done"));
            assertThat(scene.ask(
                            "select count(*) filter (where outcome = 'done') || ' of ' || (count(*) > 1)" + newest))
                    .as(() -> scene.ask("select string_agg(due_at || ' ' || outcome, ', ' order by due_at)" + newest))
                    .isEqualTo("1 of true");
            assertThat(server.ask("neon_backup", content)).isEqualTo(server.ask("neon_production", content));
            String late = "select count(*) > 1 and bool_and(outcome = 'missed' and run is null) from pgcharter.job_run"
                    + " where job = 'to-development' and due_at < now() - interval '20 minutes'";
            Wait.until(
                    "what is not to be caught up is reported",
                    () -> scene.ask(late).equals("true"));

            // N6: unexpected writes
            scene.says("backup", "unexpected-writes", "OK");
            assertThat(scene.isTold("began", "check/unexpected-writes")).isFalse();
            server.execute("neon_backup", "insert into users values (0, 'somebody')");
            scene.check("backup", "unexpected-writes");
            scene.told("began", "check/unexpected-writes");
            scene.mailed("CRIT backup: unexpected-writes of database/backup");
            scene.says("backup", "unexpected-writes", "OK");
            scene.told("over", "check/unexpected-writes");

            // N6: connections
            List<Session> crowd = crowd(production);
            assertThat(scene.level("production", "connections")).isEqualTo("CRIT");
            scene.told("began", "check/connections");
            crowd.forEach(Session::close);
            scene.says("production", "connections", "OK");
            scene.told("over", "check/connections");

            // N6: queries that read everything
            server.execute(
                    "neon_production",
                    "create table trips as select i as id from generate_series(1, 20000) i; analyze trips");
            scene.check("production", "sequential-scans");
            server.execute(
                    "neon_production",
                    "do $$ begin for i in 1..150 loop perform count(*) from trips where id = i; end loop; end $$");
            scene.says("production", "sequential-scans", "WARN");
            scene.told("began", "check/sequential-scans");
            server.execute("neon_production", "create index on trips (id); analyze trips");
            server.execute(
                    "neon_production",
                    "do $$ begin for i in 1..150 loop perform count(*) from trips where id = i; end loop; end $$");
            scene.says("production", "sequential-scans", "OK");
            scene.told("over", "check/sequential-scans");
        }
    }

    private static String nextDue(ExampleScene scene, String job) {
        return scene.ask("select min(to_char(execution_time at time zone 'UTC', 'HH24:MI')) from pgcharter.job_due"
                + " where task_instance like '" + job + "/%'");
    }

    @Test
    void astrofinance_is_backed_up_proven_maintained_and_watched_by_itself() throws IOException {
        PostgresUrl url = database(
                "astro",
                "create extension pg_stat_statements",
                """
                create table accounts (id int primary key, note text) with (autovacuum_enabled = off);
                insert into accounts select i, 'n' || i from generate_series(1, 200000) i;
                create index accounts_note on accounts (note)""",
                "vacuum analyze accounts",
                "delete from accounts where id % 10 <> 0");
        try (ExampleScene scene = new ExampleScene(
                "astrofinance",
                Map.of(
                        "ASTROFINANCE_DATABASE_URL", url,
                        "DEVELOPMENT_DATABASE_URL", TestServers.fresh(15),
                        "STAGING_DATABASE_URL", TestServers.fresh(15)),
                Map.of("    window: { from: \"00:00\", to: \"06:00\" }", "    #", "min-size: 50MB", "min-size: 1MB"))) {
            scene.serve("UTC");

            // A2, A11: a backup that fails is told, and that it is mended
            assertThat(scene.commands().run("backup", "astrofinance")).isEqualTo(1);
            scene.mailed("CRIT production: backup of database/astrofinance");
            scene.commands().done("repository", "init", "backup-server");
            scene.commands().done("repository", "init", "offsite");
            scene.run("daily-backup", 1);
            scene.told("done", "run/backup");
            // Other news may be told with it, so it need not be the subject.
            scene.told("over", "run/backup");
            scene.mailSays("OVER", "backup");

            // A2: the restore test, the repositories' integrity
            scene.run("restore-test", 1);
            scene.told("done", "run/verify");
            scene.mailSays("DONE", "verify");
            assertThat(scene.web.requests("/hook"))
                    .allSatisfy(request ->
                            assertThat(request.header("Pgcharter-Signature")).startsWith("t="));
            scene.run("integrity", 2);
            assertThat(scene.level("astrofinance", "proof-age")).isEqualTo("OK");

            maintained(scene, url);
            advised(scene);
            pooled(scene);
            watched(scene);
            Wait.until(
                    "the service outside is called",
                    () -> !scene.web.requests("/alive").isEmpty());
        }
    }

    /// A4: a writer that waits for a lock for 200 ms fails, and with it the test.
    private void maintained(ExampleScene scene, PostgresUrl url) {
        long before = Long.parseLong(server.ask("astro", "select pg_relation_size('accounts_note')"));
        AtomicBoolean over = new AtomicBoolean();
        AtomicLong written = new AtomicLong();
        CompletableFuture<Void> writer = CompletableFuture.runAsync(() -> {
            try (Session session = Session.open(url, "test")) {
                session.execute("set lock_timeout = 200");
                while (!over.get()) {
                    session.execute("update accounts set note = 'w' where id = 10; select pg_sleep(0.01)");
                    written.incrementAndGet();
                }
            }
        });
        Wait.until("it writes", () -> written.get() > 3 || writer.isDone());

        scene.run("statistics", 1);
        scene.run("vacuum", 1);
        scene.run("reindex", 1);

        over.set(true);
        writer.join();
        assertThat(written.get()).isGreaterThan(20);
        assertThat(
                        server.ask(
                                "astro",
                                "select analyze_count > 1 and vacuum_count > 1 from pg_stat_user_tables where relname = 'accounts'"))
                .isEqualTo("t");
        assertThat(Long.parseLong(server.ask("astro", "select pg_relation_size('accounts_note')")))
                .as("rebuilt, for nine tenths were empty")
                .isLessThan(before / 4);
    }

    /// A5, A9.
    private void advised(ExampleScene scene) {
        server.execute("astro", "select pg_sleep(0.6) from accounts limit 1");
        server.execute("astro", "select count(*) from accounts");
        JsonNode queries = scene.report("queries", "astrofinance");
        assertThat(queries.path("slowMilliseconds").asInt(0)).isEqualTo(500);
        assertThat(queries.path("slow").toString()).contains("pg_sleep($1)").doesNotContain("count(*)");

        JsonNode advice = scene.report("advice", "astrofinance");
        assertThat(advice.path("advice").toString())
                .contains(
                        "ALTER SYSTEM SET shared_buffers = '4GB'",
                        "ALTER SYSTEM SET random_page_cost = '1.1'",
                        "effective_cache_size");
    }

    /// A9: PgBouncer with the settings that were written.
    private void pooled(ExampleScene scene) throws IOException {
        server.execute("astro", "create role astro_app login; create role astro_reports login");
        Files.writeString(scene.directory.resolve("userlist.txt"), "\"astro_app\" \"s3cret\"\n\"stats\" \"s3cret\"\n");
        scene.commands().done("pools", "main", "--write", scene.directory.toString());
        try (OwnPooler _ = new OwnPooler(scene.directory.resolve("pgbouncer.ini"), scene.poolerPort)) {
            PostgresUrl through = OwnPooler.url(scene.poolerPort, "astro_app", "s3cret", "astrofinance");
            try (Session session = Session.open(through, "test")) {
                assertThat(session.query("select current_database()").getFirst().string(0))
                        .isEqualTo("astro");
            }
            JsonNode health = scene.commands().json("health", "--all", "--json");
            assertThat(health.toString()).contains("nobody waits; 0 of ");
        }
    }

    /// A11: downtime, and somebody who made himself a superuser.
    private void watched(ExampleScene scene) {
        server.execute("postgres", "alter database astro allow_connections false");
        assertThat(scene.level("astrofinance", "availability")).isEqualTo("CRIT");
        scene.mailSays("CRIT", "availability");
        server.execute("postgres", "alter database astro allow_connections true");
        scene.says("astrofinance", "availability", "OK");
        scene.told("over", "check/availability");

        server.execute("postgres", "create role intruder superuser login");
        assertThat(scene.check("astrofinance", "superusers").toString()).contains("intruder");
        scene.told("began", "check/superusers");
        server.execute("postgres", "drop role intruder");
        scene.says("astrofinance", "superusers", "OK");
        scene.told("over", "check/superusers");
    }

    @Test
    void trenddojo_has_partitions_before_they_are_needed_and_hears_which_index_is_missing() throws IOException {
        String schema = TrenddojoIT.migrations("up");
        PostgresUrl production = database("dojo_production", "create extension pg_stat_statements", schema);
        try (ExampleScene scene = new ExampleScene(
                "trenddojo",
                Map.of(
                        "DEVELOPMENT_DATABASE_URL", database("dojo_development", schema),
                        "STAGING_DATABASE_URL", database("dojo_staging", schema),
                        "PRODUCTION_DATABASE_URL", production),
                Map.of(
                        "slow-query: 100ms",
                                "every: 1s\n  check-every: 1s\n  statements-every: 1s\n  slow-query: 100ms",
                        "alerts:", "alerts:\n  after: { warn: 0s }\n  clear-after: 1s\n  group-for: 1s"))) {
            server.execute("dojo_production", """
                    do $$ declare day date := (now() at time zone 'UTC')::date - 95; begin
                      execute format('create table market_data_%s partition of market_data for values from (%L) to (%L)',
                        to_char(day, 'YYYYMMDD'), day || ' 00:00:00+00', (day + 1) || ' 00:00:00+00');
                      execute format('insert into market_data values (''EURUSD'', %L, 1.0625)', day || ' 12:00:00+00');
                    end $$""");
            scene.serve("UTC");

            // T9: partitions
            scene.run("partitions", 2);
            assertThat(server.ask("dojo_production", """
                    select string_agg(at.day::text, ' ' order by at.day) from (
                      select to_date(right(inhrelid::regclass::text, 8), 'YYYYMMDD') - (now() at time zone 'UTC')::date as day
                      from pg_inherits where inhparent = 'market_data'::regclass) at""")).isEqualTo("0 1 2 3 4 5 6 7");
            assertThat(server.ask("dojo_production", "select count(*) from market_data"))
                    .isEqualTo("0");
            String attic = server.ask("dojo_production", "select tablename from pg_tables where schemaname = 'attic'");
            assertThat(server.ask("dojo_production", "select symbol || price from attic." + attic))
                    .isEqualTo("EURUSD1.06250000");
            server.execute("dojo_staging", "insert into market_data values ('EURUSD', now() + interval '7 days', 1)");

            // T9: indexes. The schema has what it needs; one that is gone is missed.
            server.execute("dojo_production", """
                    insert into users (email) select i || '@example.org' from generate_series(1, 1000) i;
                    insert into accounts (user_id, name) select i % 1000 + 1, 'a' from generate_series(1, 20000) i;
                    insert into trades (account_id, symbol, quantity, price)
                      select i, 'S' || i % 500, 1, 1 from generate_series(1, 20000) i;
                    analyze""");
            assertThat(advice(scene)).doesNotContain("MISSING_INDEX");
            server.execute("dojo_production", "drop index accounts_user_id; drop index trades_symbol_created_at");
            // What made the schema is not what is to be made faster.
            server.execute("dojo_production", "select pg_stat_statements_reset(); select pg_stat_reset()");
            server.execute("dojo_production", "select count(*) from trades where symbol = 'S7'");
            Wait.until(
                    "the read is counted",
                    () -> server.ask(
                                    "dojo_production",
                                    "select (seq_tup_read >= 20000)::text from pg_stat_user_tables where relname = 'trades'")
                            .equals("true"));
            String missed = advice(scene);
            List<String> indexes = List.of(
                    "CREATE INDEX CONCURRENTLY ON \"public\".\"accounts\" (\"user_id\")",
                    "CREATE INDEX CONCURRENTLY ON \"public\".\"trades\" (\"symbol\")");
            for (String index : indexes) {
                assertThat(missed).contains(index.replace("\"", "\\\""));
                server.execute("dojo_production", index);
            }
            assertThat(advice(scene)).doesNotContain("MISSING_INDEX");

            // T10
            server.execute("dojo_production", "select pg_sleep(0.15)");
            JsonNode queries = scene.report("queries", "production");
            assertThat(queries.path("slow").toString()).contains("pg_sleep(");
            server.execute("dojo_production", "drop index trades_account_id");
            String newestTrades = """
                    select (select price from trades t where t.account_id = a.id order by created_at desc limit 1)
                    from accounts a where user_id between 1 and 10""";
            try (Load _ = new Load(production, newestTrades)) {
                scene.told("began", "check/statement-p95");
                server.execute("dojo_production", "create index trades_account_id on trades (account_id)");
                scene.told("over", "check/statement-p95");
            }
        }
    }

    /// Two sessions that execute a statement again and again.
    private static final class Load implements AutoCloseable {
        private final AtomicBoolean over = new AtomicBoolean();
        private final List<CompletableFuture<Void>> sessions;

        Load(PostgresUrl url, String statement) {
            sessions = Stream.generate(() -> CompletableFuture.runAsync(() -> {
                        try (Session session = Session.open(url, "test")) {
                            while (!over.get()) {
                                session.execute(statement);
                            }
                        }
                    }))
                    .limit(2)
                    .toList();
        }

        @Override
        public void close() {
            over.set(true);
            sessions.forEach(CompletableFuture::join);
        }
    }

    private static String advice(ExampleScene scene) {
        return scene.report("advice", "production").path("advice").toString();
    }

    @Test
    void poc3_tells_when_a_threshold_is_reached_and_when_all_is_well_again() throws IOException {
        PostgresUrl payments = database(
                "poc_payments",
                "create extension pg_stat_statements",
                "create table payments (id int, amount numeric)",
                "insert into payments select i, i from generate_series(1, 20000) i; analyze payments");
        try (ExampleScene scene = new ExampleScene(
                "poc3",
                Map.of(
                        "AUTH_DATABASE_URL", database("poc_auth"),
                        "PAYMENTS_DATABASE_URL", payments,
                        "ADMIN_DATABASE_URL", database("poc_admin"),
                        "PROFILE_DATABASE_URL", database("poc_profile"),
                        "AUTH_STAGING_DATABASE_URL", TestServers.fresh(15),
                        "PAYMENTS_STAGING_DATABASE_URL", TestServers.fresh(15),
                        "ADMIN_STAGING_DATABASE_URL", TestServers.fresh(15),
                        "PROFILE_STAGING_DATABASE_URL", TestServers.fresh(15)),
                Map.of(
                        "\nwatch:\n",
                        "\nwatch:\n  every: 1s\n  check-every: 1s\n  statements-every: 1s\n",
                        "  checks:\n    availability",
                        "  checks:\n" + OtherChecks.off(PLANNED) + "\n    availability",
                        "s3: { bucket: poc3-backups, region: eu-central-1, access-key: \"${env:S3_ACCESS_KEY}\","
                                + " secret-key: \"${env:S3_SECRET_KEY}\" }",
                        "path: \"${env:PGCHARTER_REPOSITORY}/cloud\""))) {
            for (String repository : List.of("onsite", "cloud")) {
                scene.commands().done("repository", "init", repository);
                for (String database : List.of("auth", "payments", "admin", "profile")) {
                    dayOldBackup(scene.directory.resolve(repository), database);
                }
            }
            scene.serve("UTC");

            // A backup that is older than a day
            assertThat(scene.level("payments", "backup-age")).isEqualTo("WARN");
            Wait.until(
                    "the chat hears of it",
                    () -> scene.web.requests("/slack").stream()
                            .anyMatch(request -> request.body().contains("backup-age of database/payments")));
            scene.commands().done("backup", "payments");
            assertThat(scene.level("payments", "backup-age")).isEqualTo("OK");
            Wait.until(
                    "and that it is over",
                    () -> scene.web.requests("/slack").stream()
                            .anyMatch(request -> request.body().contains("OVER")
                                    && request.body().contains("backup-age")));
            assertThat(scene.isTold("began", "check/backup-age"))
                    .as("nobody is woken for a warning")
                    .isFalse();

            // Any connection that fails, of one of four
            server.execute("postgres", "alter database poc_admin allow_connections false");
            assertThat(scene.level("admin", "availability")).isEqualTo("CRIT");
            scene.told("began", "check/availability");
            assertThat(scene.level("auth", "availability")).isEqualTo("OK");
            server.execute("postgres", "alter database poc_admin allow_connections true");
            scene.says("admin", "availability", "OK");
            scene.told("over", "check/availability");

            // p95 over 100 ms: what a service asks for by id, and no index on it
            String largest = """
                    select (select max(amount) from payments p where p.id = wanted)
                    from generate_series(1, 200) wanted""";
            try (Load _ = new Load(payments, largest)) {
                Wait.until(
                        "the chat hears of slow statements",
                        () -> scene.web.requests("/slack").stream()
                                .anyMatch(request -> request.body().contains("statement-p95 of database/payments")));
                server.execute("poc_payments", "create index on payments (id)");
                Wait.until(
                        "and that they are quick again",
                        () -> scene.web.requests("/slack").stream()
                                .anyMatch(request -> request.body().contains("OVER")
                                        && request.body().contains("statement-p95")));
            }

            // Connections over 80 of 100; here the server has others than the plan says, and that is found too
            List<Session> crowd = crowd(payments);
            assertThat(scene.level("payments", "connections")).isEqualTo("CRIT");
            scene.told("began", "check/connections");
            crowd.forEach(Session::close);
            scene.says("payments", "connections", "OK");
            scene.told("over", "check/connections");
            assertThat(scene.check("payments", "settings-drift").toString()).contains("max_connections", "100");
        }
    }

    private static void dayOldBackup(Path directory, String database) throws IOException {
        try (Repository repository = Repository.open(directory, new Secret("correct horse battery"));
                SnapshotWriter writer = repository.write()) {
            try (OutputStream out = writer.file("a", 0600)) {
                out.write('a');
            }
            writer.commit(
                    Instant.now().minus(Duration.ofHours(25)),
                    "node",
                    List.of("/" + database),
                    List.of("pgcharter-backup", "database=" + database, "server=15.18"));
        }
    }
}
