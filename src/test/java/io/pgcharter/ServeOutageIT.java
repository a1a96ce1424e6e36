package io.pgcharter;

import static org.assertj.core.api.Assertions.assertThat;

import com.icegreen.greenmail.util.GreenMail;
import com.icegreen.greenmail.util.ServerSetup;
import io.pgcharter.engine.engine.Outcome;
import io.pgcharter.model.id.RepositoryName;
import io.pgcharter.model.operation.Operation;
import io.pgcharter.model.operation.Report;
import io.pgcharter.model.operation.Role;
import io.pgcharter.model.secret.Secret;
import io.pgcharter.platform.postgres.PostgresUrl;
import io.pgcharter.platform.postgres.Session;
import io.pgcharter.platform.sandbox.TestServers;
import jakarta.mail.MessagingException;
import jakarta.mail.internet.MimeMessage;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// `pgcharter serve` while its control database is away. That the schedule does everything once: ScheduleIT.
class ServeOutageIT {
    private static final int MAJOR = 15;

    private static void away(String database, boolean away) {
        try (Session session = Session.open(TestServers.server(MAJOR), "test")) {
            session.execute("alter database " + database + " allow_connections " + !away);
            session.execute(
                    "select pg_terminate_backend(pid) from pg_stat_activity where datname = '" + database + "'");
        }
    }

    @Test
    @Timeout(180)
    void without_its_control_database_it_lives_says_so_and_goes_on_afterwards() {
        try (WebScene scene = new WebScene()) {
            WebClient viewer = scene.browser("vera", Role.VIEWER);
            String control = scene.ask("select current_database()");
            Wait.until("the shop is watched, and alerting goes on", () -> samples(scene) && standing(scene));
            assertThat(viewer.get("/").statusCode()).isEqualTo(200);

            away(control, true);
            try {
                assertThat(viewer.get("/healthz").statusCode()).isEqualTo(200);
                HttpResponse<String> ready = viewer.get("/readyz");
                assertThat(ready.statusCode()).isEqualTo(503);
                assertThat(ready.body()).contains("STATE_UNAVAILABLE").doesNotContain("Exception", "SELECT");
                HttpResponse<String> page = viewer.get("/");
                assertThat(page.statusCode()).isEqualTo(503);
                assertThat(page.body())
                        .contains("<html", "the control database cannot be asked")
                        .doesNotContain("Exception", "SELECT");
                assertThat(viewer.get("/healthz").statusCode()).isEqualTo(200);
            } finally {
                away(control, false);
            }

            Wait.until("it is ready again", () -> viewer.get("/readyz").statusCode() == 200);
            assertThat(viewer.get("/").statusCode()).isEqualTo(200);
            String back = scene.ask("select clock_timestamp()::text");
            Wait.until(
                    "the shop is watched again",
                    () -> scene.ask(
                                    "select exists (select from pgcharter.metric where subject = 'database/shop' and at > '"
                                            + back + "')")
                            .equals("t"));
            Wait.until("watch and alerts go on, once each", () -> standing(scene));
        }
    }

    /// Longer than a lease lasts: what ran then cannot go on, and must not be taken for done.
    @Test
    @Tag("soak")
    @Timeout(600)
    void a_minute_without_its_control_database_loses_nothing_and_does_nothing_twice() {
        GreenMail mails = new GreenMail(new ServerSetup[] {ServerSetup.SMTP.dynamicPort()});
        mails.start();
        try (WebScene scene = new WebScene(WebScene.CHARTER, """
                web: { listen: "127.0.0.1:0" }
                schedule: { jobs: { often: { backup: shop, cron: "* * * * *" } } }
                watch:
                  every: 1s
                  check-every: 1s
                  checks:
                %s
                alerts:
                  receivers:
                    mail:
                      email:
                        to: [ops@example.org]
                        from: pgcharter@example.org
                        smtp: { host: 127.0.0.1, port: %d, tls: none }
                  after: { unknown: 1h, warn: 0s }
                  group-for: 8s
                  repeat: 1h
                """.formatted(
                OtherChecks.off(List.of("role-connections")), mails.getSmtp().getPort()))) {
            WebClient viewer = scene.browser("vera", Role.VIEWER);
            String control = scene.ask("select current_database()");
            PostgresUrl shop = PostgresUrl.parse(new Secret(String.valueOf(scene.variables.get("SHOP_URL"))));
            try (Session session = Session.open(shop, "test")) {
                session.execute("create table big as select i as id, repeat(md5(i::text), 20) as body"
                        + " from generate_series(1, 300000) i; create role outage_shop login connection limit 1");
            }
            RepositoryName vault = new RepositoryName("vault");
            scene.done(new Operation.RepositoryInit(vault));
            Wait.until("the shop is watched, and alerting goes on", () -> samples(scene) && standing(scene));
            String running = "select count(*) from pgcharter.run where verb = 'backup' and ended_at is null";

            String begun;
            try (Session _ = Session.open(
                    new PostgresUrl(
                            shop.host(),
                            shop.port(),
                            shop.database(),
                            "outage_shop",
                            Optional.empty(),
                            shop.parameters()),
                    "test")) {
                Wait.until(
                        "the alert is decided on, and waits for others",
                        () -> scene.ask(
                                        "select count(*) from pgcharter.alert where topic = 'check/role-connections database/shop'")
                                .equals("1"));
                assertThat(told(scene, "BEGAN")).isEqualTo("0");
                Wait.until(
                        "a backup runs",
                        Duration.ofSeconds(90),
                        () -> scene.ask(running).equals("1"));
                begun = scene.ask("select id from pgcharter.run where verb = 'backup' and ended_at is null");
                away(control, true);
                try {
                    long end = System.nanoTime() + Duration.ofMinutes(1).toNanos();
                    Wait.until("a minute is over", Duration.ofSeconds(90), () -> {
                        assertThat(viewer.get("/healthz").statusCode()).isEqualTo(200);
                        assertThat(viewer.get("/readyz").statusCode()).isEqualTo(503);
                        assertThat(viewer.get("/").body()).contains("the control database cannot be asked");
                        return System.nanoTime() - end > 0;
                    });
                } finally {
                    away(control, false);
                }
                Wait.until("it is ready again", () -> viewer.get("/readyz").statusCode() == 200);
                Wait.until(
                        "the mail arrives",
                        Duration.ofSeconds(90),
                        () -> told(scene, "BEGAN").equals("1"));
            }
            Wait.until("watch and alerts go on, once each", Duration.ofMinutes(2), () -> standing(scene));
            Wait.until(
                    "the backup has an end",
                    Duration.ofMinutes(2),
                    () -> scene.ask("select count(*) from pgcharter.run where id = '" + begun
                                    + "' and ended_at is null")
                            .equals("0"));
            String back = scene.ask("select clock_timestamp()::text");
            Wait.until(
                    "the schedule backs up again",
                    Duration.ofSeconds(150),
                    () -> scene.ask(
                                    "select count(*) > 0 from pgcharter.job_run where outcome = 'done' and started_at > '"
                                            + back + "'")
                            .equals("t"));
            Wait.until(
                    "that it is over is told",
                    Duration.ofMinutes(4),
                    () -> told(scene, "OVER").equals("1"));

            assertThat(told(scene, "BEGAN")).isEqualTo("1");
            assertThat(Arrays.stream(mails.getReceivedMessages()).map(ServeOutageIT::id))
                    .as("no mail came twice")
                    .doesNotHaveDuplicates()
                    .hasSizeGreaterThanOrEqualTo(2);
            assertThat(scene.ask("select count(*) from (select due_at from pgcharter.job_run group by due_at"
                            + " having count(*) > 1) t"))
                    .isEqualTo("0");
            assertThat(scene.ask("select count(*) from pgcharter.run a join pgcharter.run b on a.id < b.id"
                            + " and a.verb = 'backup' and b.verb = 'backup'"
                            + " and tstzrange(a.begun_at, a.ended_at) && tstzrange(b.begun_at, b.ended_at)"))
                    .as("no two backups at once")
                    .isEqualTo("0");
            assertThat(viewer.get("/").statusCode()).isEqualTo(200);
            Wait.until("what is said to be done is there, and what is there is said to be done", () -> {
                int backups = ((Report.Backups) scene.done(new Operation.Backups(vault)))
                        .backups()
                        .size();
                String done =
                        "select count(*) filter (where outcome = 'done') || ' ' || count(*) filter (where outcome is null)"
                                + " from pgcharter.run where verb = 'backup'";
                return scene.ask(done).equals(backups + " 0");
            });
            assertThat(scene.submit("root", new Operation.JournalVerify())).isInstanceOf(Outcome.Done.class);
        } finally {
            mails.stop();
            try (Session session = Session.open(TestServers.server(MAJOR), "test")) {
                session.execute("drop role if exists outage_shop");
            }
        }
    }

    private static String id(MimeMessage mail) {
        try {
            return mail.getMessageID();
        } catch (MessagingException e) {
            throw new IllegalStateException(e);
        }
    }

    /// Notices of the alert that arrived.
    ///
    /// @param change `BEGAN`, `OVER`
    private static String told(WebScene scene, String change) {
        return scene.ask("select count(*) from pgcharter.notice where delivered_at is not null and body like '%\""
                + change + "\"%' and body like '%check/role-connections%database/shop%'");
    }

    private static boolean samples(WebScene scene) {
        return scene.ask("select exists (select from pgcharter.metric where subject = 'database/shop')")
                .equals("t");
    }

    private static boolean standing(WebScene scene) {
        return scene.ask("select coalesce(string_agg(verb, ' ' order by verb), '') from pgcharter.run"
                        + " where ended_at is null and seen_at > clock_timestamp() - interval '12 s'")
                .equals("alert watch");
    }
}
