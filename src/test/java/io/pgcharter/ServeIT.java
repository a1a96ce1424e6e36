package io.pgcharter;

import static org.assertj.core.api.Assertions.assertThat;

import io.pgcharter.model.secret.Secret;
import io.pgcharter.platform.postgres.PostgresUrl;
import io.pgcharter.platform.postgres.Session;
import io.pgcharter.platform.sandbox.TestServers;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// `pgcharter serve` as a process, as systemd starts and stops it.
class ServeIT {
    /// So many that hardly ever all of them fall to one of two.
    private static final int COUNT = 12;

    private final Path directory = TestServers.directory();
    private final Map<String, String> variables = new HashMap<>();

    private void charter() throws IOException {
        variables.put("SHOP_URL", Scene.text(TestServers.fresh(15)));
        variables.put("COPY_URL", Scene.text(TestServers.fresh(15)));
        variables.put("STATE_URL", Scene.text(TestServers.fresh(15)));
        variables.put("VAULT", directory.resolve("vault").toString());
        variables.put("VAULT_PASSWORD", "correct horse battery");
        variables.put("PGCHARTER_STATE_DIRECTORY", directory.resolve("s").toString());
        Path charter = directory.resolve("charter.yaml");
        variables.put("PGCHARTER_CHARTER", charter.toString());
        Files.createDirectories(directory.resolve("s"));
        Files.writeString(charter, WebScene.CHARTER + "web: { listen: \"127.0.0.1:0\" }\n");
    }

    private Session session(String variable) {
        return Session.open(PostgresUrl.parse(new Secret(variables.getOrDefault(variable, ""))), "test");
    }

    private String ask(String sql) {
        try (Session session = session("STATE_URL")) {
            return session.query(sql).getFirst().string(0);
        }
    }

    @Test
    @Timeout(180)
    void asked_to_stop_it_ends_what_runs_journals_that_and_logs_json_without_secrets() throws IOException {
        charter();
        variables.put("PGCHARTER_LOG", "json");
        variables.put("JAVA_TOOL_OPTIONS", "-Dpgcharter.log=INFO");
        try (Session shop = session("SHOP_URL")) {
            shop.execute("""
                    create function slow(int) returns boolean language sql as 'select true';
                    create table slow (id int check (public.slow(id)));
                    insert into slow select generate_series(1, 600);
                    create or replace function slow(int) returns boolean language plpgsql as
                      $$ begin perform pg_sleep(0.5); return true; end $$""");
        }
        try (ChildJvm served = ChildJvm.start(Main.class, variables, "serve")) {
            URI address = URI.create(served.says("dashboard: "));
            String said = served.says("there was no user yet");
            WebClient browser = new WebClient(address);
            assertThat(browser.get("/readyz").statusCode()).isEqualTo(200);
            assertThat(browser.setPassword(said.substring(said.indexOf("/first/")), "one two three four")
                            .statusCode())
                    .isEqualTo(303);
            String csrf = browser.csrf().orElseThrow();
            int status = browser.header("X-CSRF-Token", csrf)
                    .header("Origin", browser.origin())
                    .postJson("/api/v1/operations/copy", "{\"source\":\"shop\",\"target\":\"copy\",\"replace\":false}")
                    .statusCode();
            assertThat(status).isEqualTo(202);

            served.interrupt();

            assertThat(served.exitCode()).isZero();
            assertThat(ask("select outcome from pgcharter.run where verb = 'copy'"))
                    .isEqualTo("failed");
            assertThat(ask("select ending from pgcharter.run where verb = 'copy'"))
                    .contains("CANCELLED");
            assertThat(ask(
                            "select convert_from(j.leaf, 'UTF8') from pgcharter.journal j join pgcharter.run r on r.id = j.run"
                                    + " where r.verb = 'copy' order by j.sequence desc limit 1"))
                    .contains("CANCELLED");
            List<JsonNode> log = served.lines().stream()
                    .filter(line -> line.startsWith("{"))
                    .map(line -> JsonMapper.builder().build().readTree(line))
                    .toList();
            assertThat(log)
                    .extracting(line -> line.path("formattedMessage").asString(""))
                    .contains("web started", "login of root from 127.0.0.1", "web stopped");
            assertThat(log.toString())
                    .doesNotContain(
                            "one two three four",
                            browser.cookies().getOrDefault("pgcharter", "no cookie"),
                            "correct horse",
                            said.substring(said.indexOf("/first/") + "/first/".length()));
        }
        Scene.delete(directory);
    }

    /// Each session of the watch is one database's; its process keeps it open as long as the database is its own.
    @Test
    @Timeout(180)
    void two_processes_watch_each_database_once_and_one_watches_all_when_the_other_is_killed() throws IOException {
        charter();
        List<String> names =
                IntStream.range(0, COUNT).mapToObj(each -> "db" + each).toList();
        List<String> watched = new ArrayList<>();
        StringBuilder databases = new StringBuilder();
        for (String name : names) {
            PostgresUrl url = TestServers.fresh(15);
            watched.add(url.database());
            variables.put("URL_" + name, Scene.text(url));
            databases
                    .append("  ")
                    .append(name)
                    .append(": { environment: cold, url: \"${env:URL_")
                    .append(name);
            databases.append("}\" }\n");
        }
        Files.writeString(directory.resolve("charter.yaml"), """
                charter: 1
                environments: { cold: {} }
                state: { url: "${env:STATE_URL}", directory: s }
                watch: { every: 1s }
                databases:
                """ + databases);
        try (ChildJvm one = ChildJvm.start(Main.class, variables, "serve")) {
            one.says("pgcharter serves");
            ChildJvm other = ChildJvm.start(Main.class, variables, "serve");
            try (other) {
                other.says("pgcharter serves");
                Wait.until(
                        "both watch, each database once",
                        () -> watching().equals("2") && sessions(watched).equals(Collections.nCopies(COUNT, 1)));
                Wait.until("and go on so", () -> samples(3) == COUNT);
                // One that is passed on has two for a moment.
                Wait.until("each database once, still", () -> sessions(watched).equals(Collections.nCopies(COUNT, 1)));

                other.kill();

                // Those of the other are watched by nobody until it is counted out.
                Wait.until("its sessions are gone", () -> sessions(watched).contains(0));
                assertThat(sessions(watched)).contains(0, 1);
            }
            Wait.until("one watches all", () -> sessions(watched).equals(Collections.nCopies(COUNT, 1)));
        }
        Scene.delete(directory);
    }

    private String watching() {
        return ask("select count(*) from pgcharter.run where verb = 'watch' and ended_at is null");
    }

    /// Of how many databases a sample was taken in the last seconds.
    private int samples(int seconds) {
        return Integer.parseInt(
                ask("select count(distinct subject) from pgcharter.metric where subject like 'database/%'"
                        + " and at > clock_timestamp() - interval '" + seconds + " s'"));
    }

    /// How many sessions of the watch each database has.
    private static List<Integer> sessions(List<String> databases) {
        try (Session session = Session.open(TestServers.server(15), "test")) {
            return databases.stream()
                    .map(name -> (int) session.query("select count(*) from pg_stat_activity where datname = '" + name
                                    + "' and application_name = 'pgcharter watch'")
                            .getFirst()
                            .number(0))
                    .toList();
        }
    }
}
