package io.pgcharter;

import static org.assertj.core.api.Assertions.assertThat;

import com.icegreen.greenmail.util.GreenMail;
import com.icegreen.greenmail.util.ServerSetup;
import io.pgcharter.platform.notice.HttpReceiver;
import io.pgcharter.platform.postgres.PostgresUrl;
import io.pgcharter.platform.postgres.Quoting;
import io.pgcharter.platform.postgres.Session;
import io.pgcharter.platform.sandbox.TestServers;
import jakarta.mail.MessagingException;
import jakarta.mail.internet.MimeMessage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import tools.jackson.databind.JsonNode;

/// `serve` in processes of its own, real receivers, and faults planted in a real database: a role that has no
/// connection
/// left, and a session that idles in a transaction. The charter has no other check made.
@Timeout(120)
class AlertsIT {
    private static final String SHOP = "database/shop";

    /// Long enough to be told, told again and silenced before.
    private static final int WORSE_AFTER_SECONDS = 15;

    private final Path directory = TestServers.directory();
    private final GreenMail mails = new GreenMail(new ServerSetup[] {ServerSetup.SMTP.dynamicPort()});
    private final HttpReceiver web = new HttpReceiver();
    private final Map<String, String> variables = new HashMap<>();
    private PostgresUrl shop;
    private PostgresUrl state;
    private String role;
    private Commands commands;

    @BeforeEach
    void begin() throws IOException {
        mails.start();
        shop = TestServers.fresh(15);
        state = TestServers.fresh(15);
        role = "<script>" + shop.database();
        execute("create role " + Quoting.identifier(role) + " login connection limit 1");
        variables.put("PGCHARTER_CHARTER", directory.resolve("charter.yaml").toString());
        variables.put("STATE_URL", Scene.text(state));
        variables.put("SHOP_URL", Scene.text(shop));
        variables.put("VAULT_PASSWORD", "correct horse battery");
        variables.put("HOOK", web.url("/hook"));
        variables.put("ALIVE", web.url("/alive"));
        variables.put("KEY", "s3cret");
        Files.writeString(directory.resolve("charter.yaml"), """
                charter: 1
                environments: { production: {} }
                databases: { shop: { environment: production, url: "${env:SHOP_URL}" } }
                repositories: { vault: { path: vault, password: "${env:VAULT_PASSWORD}" } }
                backups: { shop: { to: [vault] } }
                state: { url: "${env:STATE_URL}", directory: s }
                alerts:
                  receivers:
                    mail:
                      email:
                        to: [ops@example.org]
                        from: pgcharter@example.org
                        smtp: { host: 127.0.0.1, port: %d, tls: none }
                    hook: { webhook: { url: "${env:HOOK}", secret: "${env:KEY}" } }
                  after: { crit: 0s, warn: 0s, unknown: 0s }
                  clear-after: 1s
                  group-for: 1s
                  repeat: 3s
                  success: { of: [backup], to: [hook] }
                  dead-man: { url: "${env:ALIVE}", every: 1s }
                watch:
                  every: 1s
                  check-every: 1s
                  checks:
                    idle-in-transaction: { warn: 1, crit: %d }
                %s
                """.formatted(
                        mails.getSmtp().getPort(),
                        WORSE_AFTER_SECONDS,
                        OtherChecks.off(List.of("role-connections", "idle-in-transaction"))));
        commands = new Commands(variables);
    }

    @AfterEach
    void end() {
        execute("drop role if exists " + Quoting.identifier(role));
        mails.stop();
        web.close();
    }

    /// The one connection that the role may have: a CRIT of `role-connections` until it is closed.
    private Session takeLastConnection() {
        return Session.open(
                new PostgresUrl(shop.host(), shop.port(), shop.database(), role, Optional.empty(), shop.parameters()),
                "test");
    }

    private void giveConnectionBack() {
        execute("select pg_terminate_backend(pid) from pg_stat_activity where usename = " + Quoting.literal(role));
    }

    private void execute(String sql) {
        try (Session session = Session.open(shop, "test")) {
            session.execute(sql);
        }
    }

    private List<String> subjects() {
        return Arrays.stream(mails.getReceivedMessages()).map(AlertsIT::subject).toList();
    }

    private static String subject(MimeMessage mail) {
        try {
            return mail.getSubject().replace("[pgcharter] ", "");
        } catch (MessagingException e) {
            throw new IllegalStateException(e);
        }
    }

    private static String id(MimeMessage mail) {
        try {
            return mail.getMessageID();
        } catch (MessagingException e) {
            throw new IllegalStateException(e);
        }
    }

    private long count(String begin) {
        return subjects().stream().filter(subject -> subject.startsWith(begin)).count();
    }

    private boolean hooked(String change, String topic) {
        return web.requests("/hook").stream()
                .anyMatch(request -> request.body().contains("\"change\":\"" + change + "\"")
                        && request.body().contains("\"topic\":\"" + topic + "\""));
    }

    private JsonNode alert(String topic) {
        JsonNode document = commands.json("alerts", "--json");
        for (JsonNode row : document.path("alerts")) {
            if (row.path("topic").asString("").equals(topic)) {
                return row;
            }
        }
        return document.path("none");
    }

    @Test
    void a_fault_is_told_acknowledged_and_told_to_be_over() {
        try (ChildJvm serve = commands.start("serve");
                Session _ = takeLastConnection();
                Session idle = Session.open(shop, "test")) {
            Wait.until(
                    "a mail says what is wrong",
                    () -> count("CRIT production: role-connections of database/shop") == 1);
            Wait.until("it is repeated", () -> count("CRIT (still) production: role-connections") == 1);
            commands.done("alerts");
            assertThat(commands.printed()).contains("crit", "firing", "check/role-connections", SHOP);

            String id = alert("check/role-connections").path("alert").asString("");
            commands.done("alerts", "acknowledge", id.substring(0, 6), "--because", "they mend it");
            assertThat(alert("check/role-connections").path("state").asString(""))
                    .isEqualTo("acknowledged");
            long told = subjects().size();
            // Another one is repeated meanwhile: nothing but that.
            idle.execute("begin");
            Wait.until("the other is repeated", () -> count("WARN (still) production: idle-in-transaction") >= 1);
            assertThat(subjects().stream().skip(told)).noneMatch(subject -> subject.contains("role-connections"));

            commands.done(
                    "alerts", "silence", "check/idle-in-transaction " + SHOP, "--for", "1h", "--because", "night");
            Wait.until(
                    "it is worse",
                    () -> alert("check/idle-in-transaction")
                            .path("level")
                            .asString("")
                            .equals("crit"));
            giveConnectionBack();
            Wait.until("a mail says that it is over", () -> count("OVER production: role-connections") == 1);
            assertThat(count("CRIT (worse) production: idle-in-transaction")).isZero();
            String silence =
                    commands.json("alerts", "--json").at("/silences/0/id").asString("");
            commands.done("alerts", "unsilence", silence);
            Wait.until("the silence is over", () -> count("CRIT (worse) production: idle-in-transaction") == 1);
            commands.done("alerts", "--history");
            assertThat(commands.printed()).contains("resolved", "check/role-connections");

            Wait.until(
                    "the service outside is called",
                    () -> web.requests("/alive").size() >= 3);
            assertThat(serve.lines()).noneMatch(line -> line.contains("s3cret"));
        }
        commands.done("journal", "--last", "100");
        assertThat(commands.printed()).contains("alerts acknowledge", "alerts silence", "alerts unsilence");
    }

    @Test
    void a_failed_backup_is_told_and_a_done_one_too() {
        commands.done("repository", "init", "vault");
        Map<String, String> broken = new HashMap<>(variables);
        broken.put("SHOP_URL", "postgres://nobody@127.0.0.1:1/shop?sslmode=disable");
        try (ChildJvm serve = commands.start("serve")) {
            serve.says("pgcharter serves");
            assertThat(new Commands(broken).run("backup", "shop")).isEqualTo(1);
            Wait.until("the failure is told", () -> count("CRIT production: backup of database/shop") == 1);

            commands.done("backup", "shop");

            Wait.until("the success is told", () -> hooked("done", "run/backup"));
            // A machine that is busy may have more to tell in the same notice.
            Wait.until("that it is over is told", () -> hooked("over", "run/backup"));
            Wait.until("by mail too", () -> count("OVER production") >= 1);
            assertThat(subjects()).noneMatch(subject -> subject.startsWith("DONE"));
        }
    }

    @Test
    void a_failed_job_is_one_notice_although_three_things_see_it() throws IOException {
        Path charter = directory.resolve("charter.yaml");
        Files.writeString(
                charter,
                Files.readString(charter)
                                .replace("    run-failed: { enabled: false }\n", "")
                                .replace("    schedule-failed: { enabled: false }\n", "")
                        + "schedule: { jobs: { nightly: { backup: shop, monthly: \"1 02:00\" } } }\n");
        commands.done("repository", "init", "vault");
        Map<String, String> broken = new HashMap<>(variables);
        broken.put("SHOP_URL", "postgres://nobody@127.0.0.1:1/shop?sslmode=disable");
        try (ChildJvm serve = new Commands(broken).start("serve")) {
            serve.says("pgcharter serves");
            makeDue();
            Wait.until("the failure is told", () -> count("CRIT production: backup of database/shop") == 1);
            Wait.until("one check sees it", () -> verdict("run-failed").equals("WARN"));
            Wait.until(
                    "so does another",
                    () -> verdict("schedule-failed", "installation").equals("WARN"));
            long repeated = count("CRIT (still) production: backup");
            Wait.until("time goes by", () -> count("CRIT (still) production: backup") >= repeated + 2);
        }
        try (ChildJvm serve = commands.start("serve")) {
            serve.says("pgcharter serves");
            makeDue();
            Wait.until("that it is over is told", () -> count("OVER production: backup") == 1);
            Wait.until("one check sees it", () -> verdict("run-failed").equals("OK"));
            Wait.until(
                    "so does another",
                    () -> verdict("schedule-failed", "installation").equals("OK"));
        }
        assertThat(web.requests("/hook"))
                .isNotEmpty()
                .noneMatch(request -> request.body().contains("check/run-failed"))
                .noneMatch(request -> request.body().contains("check/schedule-failed"));
        assertThat(count("CRIT production: backup of database/shop")).isEqualTo(1);
    }

    /// The time of all jobs has come.
    private void makeDue() {
        try (Session session = Session.open(state, "test")) {
            Wait.until(
                    "the jobs are known",
                    () -> session.query("select from pgcharter.job_due").size() == 1);
            session.execute("""
                    update pgcharter.job_due
                    set task_data = convert_to(to_char(due at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS"Z"')
                          || substr(convert_from(task_data, 'UTF8'), strpos(convert_from(task_data, 'UTF8'), ' ')), 'UTF8'),
                        execution_time = due
                    from (select date_trunc('second', now() - interval '10 seconds') as due) d""");
        }
    }

    @Test
    void what_was_decided_arrives_although_the_process_is_killed_while_it_sends() {
        web.holdsOn();
        try (Session _ = takeLastConnection()) {
            try (ChildJvm _ = commands.start("serve")) {
                Wait.until(
                        "the notice is being sent", () -> web.requests("/hook").size() == 1);
            }
            String key = web.requests("/hook").getFirst().header("Idempotency-Key");
            int alive = web.requests("/alive").size();
            web.goOn();
            assertThat(web.requests("/alive")).hasSize(alive);

            try (ChildJvm _ = commands.start("serve")) {
                Wait.until("it is sent again", () -> web.requests("/hook").size() >= 2);
                assertThat(web.requests("/hook").get(1).header("Idempotency-Key"))
                        .isEqualTo(key);
                Wait.until("the calls go on", () -> web.requests("/alive").size() > alive);
                Wait.until("the mail arrives", () -> count("CRIT production: role-connections") >= 1);
                assertThat(Arrays.stream(mails.getReceivedMessages())
                                .filter(mail -> subject(mail).startsWith("CRIT production: role-connections"))
                                .map(AlertsIT::id)
                                .distinct())
                        .hasSize(1);
            }
        }
    }

    @Test
    void a_receiver_that_is_back_gets_what_it_missed_and_two_nodes_send_each_notice_once() {
        web.answers(500);
        try (ChildJvm one = commands.start("serve");
                ChildJvm other = commands.start("serve");
                Session _ = takeLastConnection()) {
            one.says("pgcharter serves");
            other.says("pgcharter serves");
            Wait.until("the first try failed", () -> !web.requests("/hook").isEmpty());
            web.answers(200);
            Wait.until("it is tried again", () -> web.requests("/hook").size() >= 2);
            giveConnectionBack();
            Wait.until("that it is over is told", () -> hooked("over", "check/role-connections"));
            Wait.until("by mail too", () -> count("OVER production: role-connections") == 1);
        }
        assertThat(count("CRIT production: role-connections")).isEqualTo(1);
    }

    /// With the default pace, a sixtieth of it: a write is over in a moment, and people hear of it all the same.
    @Test
    void a_write_where_nobody_should_write_is_told_although_it_happened_once_and_is_over_by_itself()
            throws IOException {
        execute("create table t (id int)");
        Path charter = directory.resolve("charter.yaml");
        Files.writeString(
                charter,
                Files.readString(charter)
                        .replace("after: { crit: 0s, warn: 0s, unknown: 0s }", "after: { warn: 5s }")
                        .replace("repeat: 3s", "repeat: 1h")
                        .replace("watch:\n", "watch:\n  stands: 15s\n  databases: { shop: { quiet: true } }\n")
                        .replace("    unexpected-writes: { enabled: false }\n", ""));
        try (ChildJvm serve = commands.start("serve")) {
            serve.says("pgcharter serves");
            Wait.until(
                    "the counter was read", () -> verdict("unexpected-writes").equals("OK"));

            execute("insert into t values (1)");

            Wait.until("a mail says so", () -> count("WARN production: unexpected-writes of database/shop") == 1);
            Wait.until("another says that it is over", () -> count("OVER production: unexpected-writes") == 1);
            assertThat(verdict("unexpected-writes")).isEqualTo("OK");
        }
        assertThat(subjects())
                .as("nothing was told twice")
                .filteredOn(subject -> subject.contains("unexpected-writes"))
                .hasSize(2);
    }

    /// What `serve` last said, read from the control database as the pages do.
    private String verdict(String check) {
        return verdict(check, SHOP);
    }

    private String verdict(String check, String subject) {
        try (Session session = Session.open(state, "test")) {
            return session
                    .query("select level from pgcharter.verdict where subject = '" + subject + "' and \"check\" = '"
                            + check + "'")
                    .stream()
                    .findFirst()
                    .map(row -> row.string(0))
                    .orElse("");
        }
    }

    @Test
    void a_receiver_that_refused_connections_gets_what_it_missed_when_it_is_back() {
        commands.done("alerts"); // the control database has its tables
        web.close();
        try (ChildJvm _ = commands.start("serve");
                Session _ = takeLastConnection()) {
            Wait.until("it was tried more than once", () -> waiting("receiver = 'hook' and attempts >= 2") > 0);
            Wait.until("others were told", () -> count("CRIT production: role-connections") == 1);

            try (HttpReceiver back = new HttpReceiver(web.port())) {
                Wait.until("nothing waits any more", () -> waiting("receiver = 'hook'") == 0);

                assertThat(back.requests("/hook"))
                        .filteredOn(request -> request.body().contains("\"change\":\"began\"")
                                && request.body().contains("check/role-connections"))
                        .singleElement()
                        .satisfies(request ->
                                assertThat(request.header("Idempotency-Key")).hasSize(32));
            }
        }
    }

    private long waiting(String which) {
        try (Session session = Session.open(state, "test")) {
            return session.query("select count(*) from pgcharter.notice where delivered_at is null and " + which)
                    .getFirst()
                    .number(0);
        }
    }

    @Test
    void a_process_that_is_stopped_makes_no_dead_mans_call_and_goes_on_when_it_is_let() {
        try (ChildJvm serve = commands.start("serve")) {
            Wait.until("it calls", () -> web.requests("/alive").size() >= 2);

            serve.signal("STOP");
            int calls = web.requests("/alive").size();
            try (Session clock = Session.open(state, "test")) {
                clock.query("select pg_sleep(5)"); // five times as long as between two calls
            }
            // One may have been on its way.
            assertThat(web.requests("/alive")).hasSizeLessThanOrEqualTo(calls + 1);

            serve.signal("CONT");
            Wait.until("it calls again", () -> web.requests("/alive").size() >= calls + 3);
            try (Session _ = takeLastConnection()) {
                Wait.until("it tells what is wrong", () -> count("CRIT production: role-connections") >= 1);
            }
        }
    }

    @Test
    void a_trial_notice_arrives_or_says_why_not() {
        commands.done("alerts", "try", "mail");
        assertThat(subjects()).singleElement().asString().startsWith("TRIAL notice of installation");
        web.answers(403);

        assertThat(commands.run("alerts", "try", "hook")).isEqualTo(1);

        assertThat(commands.printed())
                .contains("NOTICE_UNDELIVERED", "127.0.0.1 answered 403")
                .doesNotContain("/hook");
        assertThat(commands.run("alerts", "try", "hok")).isEqualTo(1);
        assertThat(commands.printed()).contains("did you mean \"hook\"?");
        assertThat(commands.run("alerts", "acknowledge", "0f1e2d3c", "--because", "x"))
                .isEqualTo(1);
        assertThat(commands.run("alerts", "silence", "every thing!", "--for", "1h", "--because", "x"))
                .isEqualTo(1);
        assertThat(commands.run("alerts", "silence", SHOP, "--for", "31d", "--because", "x"))
                .isEqualTo(1);
    }
}
