package io.pgcharter;

import static org.assertj.core.api.Assertions.assertThat;

import com.icegreen.greenmail.util.GreenMail;
import com.icegreen.greenmail.util.GreenMailUtil;
import com.icegreen.greenmail.util.ServerSetup;
import io.pgcharter.entry.corridor.Corridor;
import io.pgcharter.model.secret.Secret;
import io.pgcharter.platform.notice.HttpReceiver;
import io.pgcharter.platform.postgres.PostgresUrl;
import io.pgcharter.platform.postgres.Session;
import io.pgcharter.platform.sandbox.TestServers;
import jakarta.mail.MessagingException;
import jakarta.mail.internet.MimeMessage;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import tools.jackson.databind.JsonNode;

/// A charter of `examples`, with real receivers and a control database, that a process of its own serves. Only what
/// a test cannot wait for differs from the file: alerts' waits are a second, mails go to a server of this test.
final class ExampleScene implements AutoCloseable {
    /// What differs from every example.
    private static final Map<String, String> HURRY = Map.of(
            "after: { warn: 5m }", "after: { warn: 0s }",
            "clear-after: 2m", "clear-after: 1s",
            "watch:\n", "watch:\n  stands: 1s\n",
            "group-for: 30s", "group-for: 1s",
            "listen: 127.0.0.1:8080", "listen: \"127.0.0.1:0\"");

    private static final String SMTP = "smtp: { host: mail.example.org }";

    final Path directory = TestServers.directory();
    final HttpReceiver web = new HttpReceiver();
    final int poolerPort = OwnPooler.freePort();
    private final GreenMail mails = new GreenMail(new ServerSetup[] {ServerSetup.SMTP.dynamicPort()});
    private final Map<String, String> variables = new HashMap<>();
    private final PostgresUrl state = TestServers.fresh(15);
    private Optional<ChildJvm> node = Optional.empty();

    /// @param example name of its directory
    /// @param databases URLs by the name of the variable that holds them
    /// @param differences what else differs: text of the charter, which must be there, and what stands in its place
    ExampleScene(String example, Map<String, PostgresUrl> databases, Map<String, String> differences) {
        mails.start();
        databases.forEach((name, url) -> variables.put(name, Scene.text(url)));
        variables.put("PGCHARTER_CHARTER", directory.resolve("charter.yaml").toString());
        variables.put("PGCHARTER_STATE_DIRECTORY", directory.resolve("s").toString());
        variables.put("PGCHARTER_STATE_URL", Scene.text(state));
        variables.put("PGCHARTER_REPOSITORY", directory.toString());
        variables.put("PGCHARTER_REPOSITORY_PASSWORD", "correct horse battery");
        for (String name : List.of("ALERT_WEBHOOK", "ON_CALL_WEBHOOK")) {
            variables.put(name + "_URL", web.url("/hook"));
            variables.put(name + "_SECRET", "s3cret");
        }
        variables.put(
                "POOLER_CONSOLE_URL", "postgres://stats:s3cret@127.0.0.1:" + poolerPort + "/pgbouncer?sslmode=disable");
        variables.put("SLACK_URL", web.url("/slack"));
        variables.put("DEAD_MAN_URL", web.url("/alive"));
        write(example, differences);
    }

    private void write(String example, Map<String, String> differences) {
        try {
            String charter = Files.readString(Path.of("examples", example, "charter.yaml"));
            for (Map.Entry<String, String> difference : HURRY.entrySet()) {
                charter = charter.replace(difference.getKey(), difference.getValue());
            }
            charter = charter.replace(
                    SMTP, "smtp: { host: 127.0.0.1, port: " + mails.getSmtp().getPort() + ", tls: none }");
            charter = charter.replace(
                    "pool_mode: transaction",
                    "pool_mode: transaction\n    listen_port: " + poolerPort + "\n    auth_file: "
                            + directory.resolve("userlist.txt"));
            for (Map.Entry<String, String> difference : differences.entrySet()) {
                assertThat(charter).contains(difference.getKey());
                charter = charter.replace(difference.getKey(), difference.getValue());
            }
            Files.writeString(directory.resolve("charter.yaml"), charter);
            for (String part : List.of("migrations", "seeds", "services")) {
                copy(Path.of("examples", example, part), directory.resolve(part));
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void copy(Path from, Path into) throws IOException {
        if (Files.isDirectory(from)) {
            try (Stream<Path> files = Files.walk(from)) {
                for (Path file : files.toList()) {
                    Files.copy(file, into.resolve(from.relativize(file)));
                }
            }
        }
    }

    /// The way of somebody who is not whoever runs the test.
    Corridor corridor() {
        return Wiring.shop(variables).corridors().open(directory.resolve("charter.yaml"), variables);
    }

    /// Serves it in a process whose own clock shows the time of `zone`.
    void serve(String zone) {
        Map<String, String> more = new HashMap<>(variables);
        more.put("JAVA_TOOL_OPTIONS", "-Duser.timezone=" + zone);
        ChildJvm serving = ChildJvm.start(Main.class, more, "serve");
        node = Optional.of(serving);
        serving.says("pgcharter serves");
        Wait.until(
                "the schedule goes on",
                () -> ask("select count(*) from pgcharter.serving_node where node like '%/" + serving.pid() + "'")
                        .equals("1"));
    }

    /// kill -9.
    void kill() {
        node.ifPresent(ChildJvm::kill);
        node = Optional.empty();
    }

    Commands commands() {
        return new Commands(variables);
    }

    /// What the control database says to a query of one value.
    String ask(String sql) {
        try (Session session = Session.open(state, "test")) {
            return session.query("select coalesce((" + sql + ")::text, '')")
                    .getFirst()
                    .string(0);
        }
    }

    /// The report of a verb for a database.
    JsonNode report(String verb, String database) {
        JsonNode document = commands().json(verb, database, "--json");
        JsonNode first = document.at("/results/0");
        return (first.isMissingNode() ? document : first).path("report");
    }

    // ---- the schedule -----------------------------------------------------------------------------------------------

    /// Makes the job, for all of its targets, due at an instant that has come.
    ///
    /// @param instant SQL of the control database
    void due(String job, String instant) {
        Wait.until(
                "the job is known",
                () -> !ask("select min(task_instance) from pgcharter.job_due" + " where task_instance like '" + job
                                + "/%'")
                        .isEmpty());
        try (Session session = Session.open(state, "test")) {
            session.execute("""
                    update pgcharter.job_due
                    set task_data = convert_to(to_char(due at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS"Z"')
                          || substr(convert_from(task_data, 'UTF8'), strpos(convert_from(task_data, 'UTF8'), ' ')), 'UTF8'),
                        execution_time = due
                    from (select date_trunc('second', %s) as due) d
                    where task_instance like '%s/%%'""".formatted(instant, job));
        }
    }

    /// Makes the job due now, and waits until it is done for so many targets.
    void run(String job, int targets) {
        String done = "select count(*) from pgcharter.job_run where outcome = 'done' and job = '" + job + "'";
        int before = Integer.parseInt(ask(done));
        due(job, "now() - interval '1 minute'");
        Wait.until(job + " is done", () -> {
            assertThat(ask("select string_agg(outcome || ' ' || reason, '; ') from pgcharter.job_run"
                            + " where outcome in ('failed', 'refused', 'waiting') and job = '" + job + "'"))
                    .isEmpty();
            return Integer.parseInt(ask(done)) == before + targets;
        });
    }

    // ---- checks and notices -----------------------------------------------------------------------------------------

    /// Makes all checks of a database now, as the watch of the served process does in its rhythm.
    ///
    /// @return what one of them says: `level` and `message`
    JsonNode check(String database, String check) {
        JsonNode report = report("health", database);
        for (JsonNode row : report.path("checks")) {
            if (row.path("check").asString("").equals(check)) {
                return row;
            }
        }
        throw new AssertionError("no check " + check + " in " + report);
    }

    String level(String database, String check) {
        return check(database, check).path("level").asString("");
    }

    /// Waits until the check says `level`.
    void says(String database, String check, String level) {
        Wait.until(
                check + " of " + database + " is " + level,
                () -> level(database, check).equals(level));
    }

    /// Whether a notice of the topic, `check/connections`, came to the program that is told.
    boolean isTold(String change, String topic) {
        return web.requests("/hook").stream()
                .anyMatch(request -> request.body().contains("\"change\":\"" + change + "\"")
                        && request.body().contains("\"topic\":\"" + topic + "\""));
    }

    void told(String change, String topic) {
        Wait.until(change + " of " + topic + " is told", () -> isTold(change, topic));
    }

    /// Waits for a mail whose subject begins so.
    void mailed(String begin) {
        Wait.until("a mail says " + begin, () -> subjects().stream().anyMatch(subject -> subject.startsWith(begin)));
    }

    /// Waits for a mail that holds all of the words, in its subject or its text.
    void mailSays(String... words) {
        Wait.until(
                "a mail says " + String.join(", ", words),
                () -> Arrays.stream(mails.getReceivedMessages())
                        .map(message -> GreenMailUtil.getWholeMessage(message))
                        .anyMatch(text -> Arrays.stream(words).allMatch(text::contains)));
    }

    private List<String> subjects() {
        return Arrays.stream(mails.getReceivedMessages())
                .map(ExampleScene::subject)
                .toList();
    }

    private static String subject(MimeMessage mail) {
        try {
            return mail.getSubject().replace("[pgcharter] ", "");
        } catch (MessagingException e) {
            throw new IllegalStateException(e);
        }
    }

    PostgresUrl url(String variable) {
        return PostgresUrl.parse(new Secret(variables.getOrDefault(variable, "")));
    }

    @Override
    public void close() {
        kill();
        mails.stop();
        web.close();
        Scene.delete(directory);
    }
}
