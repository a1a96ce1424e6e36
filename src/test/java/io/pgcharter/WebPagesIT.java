package io.pgcharter;

import static org.assertj.core.api.Assertions.assertThat;

import io.pgcharter.model.id.RunId;
import io.pgcharter.model.operation.Operation;
import io.pgcharter.model.operation.Role;
import io.pgcharter.model.secret.Secret;
import io.pgcharter.platform.postgres.PostgresUrl;
import io.pgcharter.platform.postgres.Session;
import java.util.List;
import java.util.Map;
import org.jsoup.Jsoup;
import org.jsoup.nodes.Document;
import org.jsoup.nodes.Element;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import tools.jackson.databind.JsonNode;

/// What pages, API and `/metrics` say of a real `pgcharter serve` that watches, lists, schedules and alerts.
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class WebPagesIT {
    private static final String HOSTILE = "<script>alert(1)</script>'\"&";

    private final WebScene scene = new WebScene("""
            web: { listen: "127.0.0.1:0" }
            watch: { every: 1s, slow-query: 100ms }
            schedule:
              zone: Europe/Zagreb
              jobs:
                nightly: { backup: shop, daily: "02:00" }
                refresh: { copy: { from: shop, to: copy, replace: true }, daily: "06:15" }
            """);
    private WebClient browser;
    private WebClient viewer;

    @BeforeAll
    void start() {
        browser = scene.browser("olga", Role.OPERATOR);
        viewer = scene.with("vera", Role.VIEWER);
        scene.done(new Operation.RepositoryInit(Scene.VAULT));
        try (Session shop =
                Session.open(PostgresUrl.parse(new Secret(scene.variables.getOrDefault("SHOP_URL", ""))), "test")) {
            shop.execute("create table customer (id int primary key)");
        }
    }

    @AfterAll
    void close() {
        scene.close();
    }

    private Document page(String path) {
        return Jsoup.parse(browser.get(path).body());
    }

    private static String text(Element page, String selector) {
        Element found = page.selectFirst(selector);
        return found == null ? "" : found.text();
    }

    /// The text of the panel under a heading.
    private static String panel(Document page, String heading) {
        return text(page, "section[aria-labelledby=" + heading + "]");
    }

    @Test
    void what_the_watch_measured_is_drawn_on_cards_and_charts_and_told_to_programs() {
        Wait.until(
                "a second sample is there",
                () -> scene.ask("select count(*) > 1 from pgcharter.metric where subject = 'database/shop'")
                        .equals("t"));

        JsonNode newest = viewer.json("/api/v1/metrics/shop");
        assertThat(newest.path("values").path("connections").asDouble()).isPositive();
        assertThat(newest.path("values").path("database_bytes").asDouble()).isGreaterThan(1_000_000);
        assertThat(newest.path("ageMillis").asLong()).isBetween(0L, 60_000L);
        JsonNode course = viewer.json("/api/v1/metrics/shop?metric=connections&hours=1&points=1000");
        assertThat(course.path("unit").stringValue()).isEqualTo("count");
        assertThat(course.path("points").path(0).path("mean").asDouble()).isPositive();
        assertThat(viewer.get("/api/v1/metrics/shop?metric=node_cpu_ratio").statusCode())
                .isEqualTo(404);
        assertThat(viewer.get("/api/v1/metrics/shop?hours=0").statusCode()).isEqualTo(200);
        assertThat(viewer.get("/api/v1/metrics/shop?metric=up&hours=0").statusCode())
                .isEqualTo(400);

        Wait.until( // what all pages share is at most a second old
                "rates are drawn",
                () -> panel(page("/databases/shop"), "charts").contains("Transactions"));
        Document page = page("/databases/shop");
        assertThat(panel(page, "charts")).contains("Connections", "Transactions", "Size");
        String source = page.select("[data-chart]").attr("data-chart");
        JsonNode chart = browser.json(source);
        int points = chart.path("at").size();
        assertThat(points).isPositive();
        assertThat(chart.path("series").path(0).path("name").stringValue()).isEqualTo("all of the server");
        assertThat(chart.path("series"))
                .allSatisfy(line -> assertThat(line.path("values")).hasSize(points));
        assertThat(browser.get("/databases/shop/charts/nothing").statusCode()).isEqualTo(404);
        assertThat(text(page("/"), "article:has(#to-shop) .size")).containsPattern("[0-9] [kM]B");
    }

    @Test
    void the_course_of_connections_is_drawn_on_a_card() {
        scene.state("""
                insert into pgcharter.metric (subject, at, value)
                select 'database/trial', now() - n * interval '10 minutes', array[1, null, null, 40 + n]::real[]
                from generate_series(1, 12) n;
                insert into pgcharter.metric_5_minutes (subject, at, mean, peak)
                select subject, at, value, value from pgcharter.metric
                where subject = 'database/trial' and at < now() - interval '9 minutes'
                on conflict do nothing""");

        assertThat(page("/").select("article:has(#to-trial) .spark polyline").attr("points"))
                .matches("([0-9.]+,[0-9.]+ ?){10,}");
    }

    @Test
    void prometheus_reads_it_with_a_token_and_learns_when_nothing_can_be_known() {
        var answer = viewer.get("/metrics");

        assertThat(answer.statusCode()).isEqualTo(200);
        assertThat(answer.headers().firstValue("Content-Type").orElse("")).startsWith("text/plain; version=0.0.4");
        assertThat(answer.body()).contains("# TYPE jvm_threads_live_threads gauge");
        Wait.until(
                "shop is up",
                () -> viewer.get("/metrics")
                        .body()
                        .contains("pgcharter_database_up{database=\"shop\",environment=\"production\"} 1.0"));
        assertThat(new WebClient(scene.address()).get("/metrics").statusCode()).isEqualTo(401);

        scene.state("alter table pgcharter.metric_latest rename to gone");
        try {
            assertThat(viewer.get("/metrics").statusCode()).isEqualTo(503);
            assertThat(viewer.get("/metrics").body())
                    .contains("STATE_UNAVAILABLE")
                    .doesNotContain("relation");
        } finally {
            scene.state("alter table pgcharter.gone rename to metric_latest");
        }
        assertThat(viewer.get("/metrics").statusCode()).isEqualTo(200);
    }

    @Test
    void a_backup_is_shown_at_once_and_as_the_listing_showed_it_later() {
        browser.post("/databases/shop/backup", Map.of());
        Wait.until(
                "it is done",
                () -> scene.ask("select count(*) > 0 from pgcharter.run where verb = 'backup' and outcome = 'done'")
                        .equals("t"));

        Document page = page("/databases/shop");
        assertThat(page.select("svg.time circle")).hasSize(1);
        String id = page.select("input[name=backup]").last().attr("value");
        assertThat(panel(page, "backups")).contains("vault", "not proven", id.substring(0, 8));
        Wait.until( // what all pages share is at most a second old
                "the overview shows it, too",
                () -> text(page("/"), "article:has(#to-shop) dl").matches("(?s).*backup (now|\\d+ (s|min) ago).*"));
        assertThat(text(page("/"), "article:has(#to-shop) dl")).contains("proven never");

        // As a listing would: the backup, and a copy in a repository of its own, proven there.
        scene.state("""
                insert into pgcharter.listing (repository, tried_at, listed_at) values
                  ('vault', now(), now()), ('elsewhere', now(), now())
                on conflict (repository) do update set tried_at = now(), listed_at = now(), trouble = null;
                delete from pgcharter.listed_backup;
                insert into pgcharter.listed_backup
                  (repository, backup, identity, database, taken_at, proven_at, pinned, server, tables, rows, bytes)
                select r, case r when 'vault' then '%1$s' else repeat('b', 64) end, '%1$s', 'shop',
                  now(), case r when 'elsewhere' then now() end, case r when 'vault' then '%2$s' end, '15.1', 1, 1, 4096
                from unnest(array['vault', 'elsewhere']) r""".formatted(id, HOSTILE.replace("'", "''")));

        Document listed = page("/databases/shop");
        assertThat(listed.select("svg.time circle.proven")).hasSize(1);
        assertThat(panel(listed, "backups")).contains("vault", "elsewhere", "proven", HOSTILE);
        assertThat(listed.select("section[aria-labelledby=backups] tbody tr")).hasSize(1);
        JsonNode inventory = viewer.json("/api/v1/inventory?database=shop");
        assertThat(inventory.path("backups")).hasSize(2);
        assertThat(inventory.path("listings").findValuesAsString("repository")).contains("vault");
        assertThat(viewer.json("/api/v1/inventory").path("backups")).hasSize(2);

        // Somebody forgot it: the run that made it does not bring it back.
        scene.state("delete from pgcharter.listed_backup");
        assertThat(page("/databases/shop").select("svg.time circle")).isEmpty();
        Wait.until( // what all pages share is at most a second old
                "the overview forgets it, too",
                () -> text(page("/"), "article:has(#to-shop) dl").contains("backup none yet"));

        scene.state("update pgcharter.listing set listed_at = null, trouble_code = 'X', trouble = 'no disk'"
                + " where repository = 'vault'");
        assertThat(panel(page("/databases/shop"), "backups"))
                .contains("vault never, what it holds is unknown", "no disk");
    }

    @Test
    void the_schedule_says_what_is_next_what_happened_and_what_is_held_back() {
        scene.state("insert into pgcharter.job_run values"
                + " ('nightly', 'shop', now() - interval '1 day', 1, 'missed', '" + HOSTILE.replace("'", "''")
                + "', null, 'node', now() - interval '1 day' + interval '2 hours', now())");

        Document page = page("/schedule");

        assertThat(text(page, "tr:contains(Backup of shop)"))
                .contains(
                        "in ",
                        "missed",
                        "2 h 00 min late",
                        HOSTILE,
                        "nightly: daily 02:00 Europe/Zagreb",
                        "charter.yaml:");
        assertThat(text(page, "tr:contains(Copy of shop)"))
                .contains("held back", "off until it says enabled: true", "not planned", "never");
        assertThat(viewer.json("/api/v1/schedule").path("jobs")).hasSize(2);
        assertThat(viewer.json("/api/v1/schedule?history=5").path("runs").findValuesAsString("outcome"))
                .contains("missed");
    }

    @Test
    void an_alert_is_shown_acknowledged_silenced_and_unsilenced_by_forms() {
        scene.state("""
                insert into pgcharter.alert (id, topic, state, since, over_told, body)
                select id, topic, 'FIRING', now(), false, json_build_object(
                  'id', id, 'topic', json_build_object('name', 'check/bloat', 'subjects', array[subject]),
                  'level', 'WARN', 'message', '%s', 'details', array[]::text[],
                  'course', json_build_object('state', 'FIRING', 'since', now(), 'firedAt', now(), 'turns', array[]::text[]))
                from (values ('0a0a0a0a', 'check/bloat repository/vault', 'repository/vault')) a (id, topic, subject)""".formatted(HOSTILE.replace("'", "''")));

        Document page = page("/alerts");
        assertThat(text(page, "#alert-0a0a0a0a")).contains(HOSTILE, "check/bloat", "warning");
        assertThat(viewer.json("/api/v1/alerts").path("alerts").findValuesAsString("alert"))
                .contains("0a0a0a0a");

        assertThat(browser.post("/alerts/0a0a0a0a/acknowledge", Map.of("because", " "))
                        .statusCode())
                .isEqualTo(400);
        var seen = browser.post("/alerts/0a0a0a0a/acknowledge", Map.of("because", HOSTILE));
        assertThat(seen.headers().firstValue("Location")).contains("/alerts");
        assertThat(text(page("/alerts"), "#alert-0a0a0a0a")).contains("acknowledged by olga: " + HOSTILE);

        String about = page.select("#alert-0a0a0a0a input[name=subject]").attr("value");
        assertThat(browser.post("/alerts/silence", Map.of("subject", about, "hours", "2", "because", "moving house"))
                        .headers()
                        .firstValue("Location"))
                .contains("/alerts");
        assertThat(text(page("/alerts"), "#alert-0a0a0a0a")).contains("silenced");
        assertThat(panel(page("/alerts"), "silences")).contains(about, "olga", "moving house");
        String end = page("/alerts").select("form[action*=/alerts/silences/]").attr("action");
        browser.post(end, Map.of());
        assertThat(text(page("/alerts"), "#alert-0a0a0a0a")).doesNotContain("silenced");

        assertThat(browser.post("/alerts/ffffffff/acknowledge", Map.of("because", "why not"))
                        .headers()
                        .firstValue("Location")
                        .orElse(""))
                .as("what fails is not shown as done")
                .isNotEqualTo("/alerts");
    }

    @Test
    void statements_are_those_that_the_watch_kept() {
        scene.state("""
                insert into pgcharter.statement values ('shop', 7, '%s', current_date);
                insert into pgcharter.statement_day values
                  ('shop', (now() at time zone 'UTC')::date, 7, 10, 3000, 10),
                  ('shop', (now() at time zone 'UTC')::date - 1, 7, 10, 1500, 10),
                  ('shop', (now() at time zone 'UTC')::date, 8, 1000, 1000, 10)
                on conflict do nothing""".formatted(HOSTILE.replace("'", "''")));

        Document page = page("/databases/shop");

        assertThat(text(page, "section[aria-labelledby=queries] tr:contains(75 %)"))
                .contains(HOSTILE, "300 ms", "slow", "2.0 × slower");
        assertThat(text(page, "section[aria-labelledby=queries] tr:contains(25 %)"))
                .contains("(text not known)", "1.00 ms")
                .doesNotContain("slow");
    }

    @Test
    void a_check_says_what_it_is_about_and_what_to_do() {
        Wait.until(
                "checks were made",
                () -> !page("/databases/shop").select("details.check").isEmpty());

        assertThat(page("/databases/shop").select("details.check"))
                .allSatisfy(check -> assertThat(text(check, ".inside")).contains(". ", "Remedy"));
    }

    @Test
    void the_journal_is_read_back_to_its_first_entry_and_shows_its_last_verification() {
        assertThat(page("/journal").text()).contains("It was not verified yet");
        browser.post("/journal/verify", Map.of());
        Wait.until("it is verified", () -> page("/journal").select(".seal.ok").size() == 1);
        for (int run = 0; run < 60; run++) {
            scene.submit("root", new Operation.Cancel(new RunId("0123456789ab")));
        }

        Document newest = page("/journal");
        assertThat(newest.select("tbody tr")).hasSize(100);
        String older = newest.select("a[rel=next]").attr("href");
        long next = Long.parseLong(older.replaceAll("\\D", ""));
        Document before = page(older);

        assertThat(before.select("tbody tr th").first().text()).isEqualTo(Long.toString(next - 1));
        while (!before.select("a[rel=next]").isEmpty()) {
            before = page(before.select("a[rel=next]").attr("href"));
        }
        assertThat(before.select("tbody tr th").last().text()).isEqualTo("1");
        for (String bad : List.of("x", "-1", "99999999999999999999", "1'")) {
            assertThat(browser.get("/journal?before=" + bad.replace("'", "%27")).statusCode())
                    .isEqualTo(400);
        }
    }
}
