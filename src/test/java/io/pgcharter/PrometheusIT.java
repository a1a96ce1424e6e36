package io.pgcharter;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.pgcharter.model.health.Level;
import io.pgcharter.model.health.Verdict;
import io.pgcharter.model.id.DatabaseName;
import io.pgcharter.model.id.EnvironmentName;
import io.pgcharter.platform.metrics.DatabaseMeter;
import io.pgcharter.platform.metrics.Exposition;
import io.pgcharter.platform.metrics.Measurement;
import io.pgcharter.platform.metrics.MetricHistory;
import io.pgcharter.platform.metrics.NodeMeter;
import io.pgcharter.platform.metrics.StatementMeter;
import io.pgcharter.platform.postgres.Session;
import io.pgcharter.platform.sandbox.TestServers;
import io.pgcharter.platform.state.State;
import io.pgcharter.platform.state.Verdicts;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.OptionalDouble;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// The rules and the dashboard that come with pgcharter, in a real Prometheus that scrapes what a real server with a
/// standby, an archiver that fails, a slot and pg_stat_statements shows.
class PrometheusIT {
    private static final Path RULES = Path.of("contrib/prometheus/pgcharter.rules.yml");
    private static final Path DASHBOARD = Path.of("contrib/grafana/pgcharter.json");
    private static final DatabaseName SHOP = new DatabaseName("shop");

    @TempDir
    Path directory;

    private final HttpClient http = HttpClient.newHttpClient();
    private volatile boolean isDown;
    private volatile boolean isOver;

    @Test
    void every_rule_and_panel_has_data_and_an_alert_fires_on_a_fault_and_clears_with_it()
            throws IOException, InterruptedException {
        try (OwnServer server = new OwnServer(
                        15,
                        "wal_level = replica",
                        "max_wal_senders = 5",
                        "archive_mode = on",
                        "archive_command = '/bin/false'",
                        "shared_preload_libraries = 'pg_stat_statements'");
                OwnServer _ = server.standby();
                State state = State.open(TestServers.text(TestServers.fresh(15)), directory);
                ServerSocket scraped = new ServerSocket(0, 50, InetAddress.getLoopbackAddress())) {
            prepare(server, state);
            Thread sampling = Thread.ofVirtual().start(() -> sample(server, state));
            Exposition exposition = new Exposition(state, Map.of(SHOP, new EnvironmentName("production")));
            Thread serving = Thread.ofVirtual().start(() -> serve(scraped, exposition));
            Process prometheus = prometheus(scraped.getLocalPort());
            try {
                String api = "http://127.0.0.1:" + port + "/api/v1/";
                Wait.until(
                        "it scrapes",
                        () -> !result(api, "pgcharter_database_statement_p95_seconds")
                                .isEmpty());
                Wait.until(
                        "rates are there",
                        () -> !result(api, "pgcharter_database_archive_failures_per_second")
                                .isEmpty());

                Set<String> names = named(Files.readString(RULES) + Files.readString(DASHBOARD));
                assertThat(names).hasSizeGreaterThan(30);
                names.forEach(name -> hasData(api, name));
                for (JsonNode panel :
                        JsonMapper.shared().readTree(DASHBOARD.toFile()).path("panels")) {
                    for (JsonNode target : panel.path("targets")) {
                        hasData(
                                api,
                                target.path("expr")
                                        .stringValue()
                                        .replace("$environment", ".*")
                                        .replace("$database", ".*"));
                    }
                }
                for (String wrong : List.of(
                        "CheckCritical backups-old",
                        "CheckBlind sequences",
                        "LastRunFailed",
                        "BackupOld",
                        "ProofOld",
                        "ArchivingFails")) {
                    Wait.until(wrong + " is said", () -> firing(api).contains(wrong));
                }
                assertThat(firing(api)).doesNotContain("DatabaseDown", "NodeDiskFull", "DatabaseNotWatched");

                isDown = true;
                Wait.until("the alert fires", () -> firing(api).contains("DatabaseDown"));
                isDown = false;
                Wait.until("and clears", () -> !firing(api).contains("DatabaseDown"));
            } finally {
                prometheus.destroy();
                assertThat(prometheus.waitFor(30, TimeUnit.SECONDS)).isTrue();
                isOver = true;
                end(scraped);
                serving.join();
                sampling.join();
            }
        }
    }

    private int port;

    /// Some samples of an idle server have no ratio, so this may take a few.
    private void hasData(String api, String query) {
        Wait.until("data of " + query, () -> !result(api, query).isEmpty());
    }

    private void prepare(OwnServer server, State state) {
        try (Session session = Session.open(server.url("postgres"), "test")) {
            session.execute("create extension pg_stat_statements; create table t as select 1 as id");
            session.query("select pg_create_physical_replication_slot('kept', true)");
        }
        new Verdicts(state)
                .enter(List.of(
                        new Verdict(
                                "backups-old", "database/shop", Level.CRIT, "bad", List.of(), OptionalDouble.empty()),
                        new Verdict(
                                "sequences", "database/shop", Level.UNKNOWN, "?", List.of(), OptionalDouble.empty()),
                        new Verdict("xid-age", "database/shop", Level.OK, "fine", List.of(), OptionalDouble.empty())));
        state.jdbi().useHandle(handle -> handle.execute("""
                insert into pgcharter.run (id, verb, operation, person, node, process, process_started, subjects, begun_at, ended_at, outcome)
                values ('a', 'backup', '{}', 'x', 'x', 1, now(), '{database/shop,repository/vault}', now() - interval '30 h', now() - interval '30 h', 'done'),
                  ('b', 'verify', '{}', 'x', 'x', 1, now(), '{database/shop}', now() - interval '9 d', now() - interval '9 d', 'done'),
                  ('c', 'copy', '{}', 'x', 'x', 1, now(), '{database/shop}', now(), now(), 'failed'),
                  ('d', 'watch', '{}', 'x', 'x', 1, now(), '{}', now(), null, null)"""));
    }

    /// What the watch does, faster.
    private void sample(OwnServer server, State state) {
        MetricHistory history = new MetricHistory(state);
        DatabaseMeter meter = new DatabaseMeter("database/shop");
        StatementMeter statements = new StatementMeter((_, _, _) -> {}, Duration.ofSeconds(1));
        NodeMeter node = new NodeMeter("here", directory);
        try (Session session = Session.open(server.url("postgres"), "watch");
                Session worker = Session.open(server.url("postgres"), "test")) {
            while (!isOver) {
                worker.execute("insert into t values (1)");
                worker.execute("select pg_switch_wal()");
                if (statements.isDue()) {
                    meter.keep(statements.read(session));
                }
                Measurement measured = isDown ? meter.silent() : meter.measure(session, System.nanoTime());
                history.enter(List.of(measured, node.measure(1, 0)));
                boolean unused = new CountDownLatch(1).await(300, TimeUnit.MILLISECONDS);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /// The least that Prometheus takes for a web server.
    private static void serve(ServerSocket socket, Exposition exposition) {
        while (!socket.isClosed()) {
            try (Socket request = socket.accept()) {
                byte[] ignored = new byte[4096];
                int unused = request.getInputStream().read(ignored);
                byte[] body = exposition.text().getBytes(UTF_8);
                request.getOutputStream()
                        .write(("HTTP/1.1 200 OK\r\nContent-Type: " + Exposition.CONTENT_TYPE + "\r\nContent-Length: "
                                        + body.length + "\r\nConnection: close\r\n\r\n")
                                .getBytes(UTF_8));
                request.getOutputStream().write(body);
                request.getOutputStream().flush();
            } catch (IOException closed) {
                // The test is over, or Prometheus did not wait.
            }
        }
    }

    /// Whoever waits for a connection on it stops, too.
    private static void end(ServerSocket socket) throws IOException {
        socket.close();
    }

    private Process prometheus(int scraped) throws IOException {
        try (ServerSocket free = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            port = free.getLocalPort();
        }
        // What lasts a minute in a rule has lasted long enough for a test.
        Files.writeString(
                directory.resolve("rules.yml"), Files.readString(RULES).replaceAll("(?m)^ +for: .*$", ""));
        Files.writeString(directory.resolve("prometheus.yml"), """
                global: { scrape_interval: 1s, scrape_timeout: 1s, evaluation_interval: 1s }
                rule_files: [ rules.yml ]
                scrape_configs:
                  - job_name: pgcharter
                    static_configs: [ { targets: [ "127.0.0.1:%d" ] } ]
                """.formatted(scraped));
        return new ProcessBuilder(
                        "prometheus",
                        "--config.file=" + directory.resolve("prometheus.yml"),
                        "--storage.tsdb.path=" + directory.resolve("tsdb"),
                        "--web.listen-address=127.0.0.1:" + port)
                .redirectErrorStream(true)
                .redirectOutput(directory.resolve("prometheus.log").toFile())
                .start();
    }

    private static Set<String> named(String text) {
        Set<String> names = new TreeSet<>();
        Pattern.compile("\\bpgcharter_[a-z0-9_]+").matcher(text).results().forEach(found -> names.add(found.group()));
        return names;
    }

    private JsonNode result(String api, String query) {
        return ask(api + "query?query=" + URLEncoder.encode(query, UTF_8))
                .path("data")
                .path("result");
    }

    /// Names of alerts that fire, and with the check where there is one.
    private Set<String> firing(String api) {
        Set<String> names = new TreeSet<>();
        for (JsonNode alert : ask(api + "alerts").path("data").path("alerts")) {
            JsonNode labels = alert.path("labels");
            names.add(labels.path("alertname").stringValue());
            if (labels.has("check")) {
                names.add(labels.path("alertname").stringValue() + " "
                        + labels.path("check").stringValue());
            }
        }
        return names;
    }

    private JsonNode ask(String address) {
        try {
            HttpResponse<String> answer = http.send(
                    HttpRequest.newBuilder(URI.create(address)).build(), HttpResponse.BodyHandlers.ofString());
            boolean isReady = answer.statusCode() == 200; // while it starts it says 503
            return isReady
                    ? JsonMapper.shared().readTree(Objects.requireNonNull(answer.body()))
                    : JsonMapper.shared().createObjectNode();
        } catch (IOException notYet) {
            return JsonMapper.shared().createObjectNode();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    @Test
    void promtool_finds_no_fault_in_the_rules() throws IOException, InterruptedException {
        Process check = new ProcessBuilder("promtool", "check", "rules", RULES.toString())
                .redirectErrorStream(true)
                .start();
        String said = new String(check.getInputStream().readAllBytes(), UTF_8);
        assertThat(check.waitFor()).as(said).isZero();
    }
}
