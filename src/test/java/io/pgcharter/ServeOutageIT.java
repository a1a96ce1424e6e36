package io.pgcharter;

import static org.assertj.core.api.Assertions.assertThat;

import io.pgcharter.model.operation.Role;
import io.pgcharter.platform.postgres.Session;
import io.pgcharter.platform.sandbox.TestServers;
import java.net.http.HttpResponse;
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

    private static boolean samples(WebScene scene) {
        return scene.ask("select exists (select from pgcharter.metric where subject = 'database/shop')")
                .equals("t");
    }

    private static boolean standing(WebScene scene) {
        return scene.ask("select string_agg(verb, ' ' order by verb) from pgcharter.run"
                        + " where ended_at is null and seen_at > clock_timestamp() - interval '12 s'")
                .equals("alert watch");
    }
}
