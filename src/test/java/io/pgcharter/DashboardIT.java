package io.pgcharter;

import static org.assertj.core.api.Assertions.assertThat;

import io.pgcharter.browser.Browser;
import io.pgcharter.engine.engine.Outcome;
import io.pgcharter.model.id.DatabaseName;
import io.pgcharter.model.id.RepositoryName;
import io.pgcharter.model.operation.Operation;
import io.pgcharter.model.operation.Report;
import io.pgcharter.model.operation.Role;
import io.pgcharter.model.secret.Secret;
import io.pgcharter.platform.postgres.PostgresUrl;
import io.pgcharter.platform.postgres.Session;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/// `pgcharter serve`, used by people with a real browser. Screenshots are left in `target/screenshots`.
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class DashboardIT {
    private static final DatabaseName SHOP = new DatabaseName("shop");
    private static final DatabaseName TRIAL = new DatabaseName("trial");
    private static final RepositoryName VAULT = new RepositoryName("vault");

    private WebScene scene;
    private Browser browser;

    @BeforeAll
    void start(@TempDir Path profile) {
        scene = new WebScene(WebScene.CHARTER, """
                web: { listen: "127.0.0.1:0" }
                watch:
                  every: 1s
                  checks: { backup-age: { warn: 2, crit: 86400 } }
                  waivers:
                    - { check: data-checksums, because: on with the next major, until: 2999-12-24 }
                    - { check: xid-age, subject: database/trial, because: was rebuilt, until: 2020-01-31 }
                """);
        scene.done(new Operation.RepositoryInit(VAULT));
        shop("create table orders (id int primary key, note text)");
        shop("insert into orders select n, repeat(md5(n::text), 8) from generate_series(1, 20000) n");
        browser = Browser.start(profile);
        enter(scene.firstLink());
    }

    @AfterAll
    void stop() {
        browser.close();
        scene.close();
    }

    @BeforeEach
    void light_and_wide() {
        browser.wide();
        browser.dark(false);
        browser.complaints();
    }

    private Session session() {
        return Session.open(
                PostgresUrl.parse(new Secret(Objects.requireNonNull(scene.variables.get("SHOP_URL")))), "test");
    }

    private void shop(String sql) {
        try (Session session = session()) {
            session.execute(sql);
        }
    }

    private Browser open(String path) {
        return browser.open(scene.address() + path);
    }

    /// Follows a link that was given to somebody, and sets the password it asks for.
    private void enter(String link) {
        open(link);
        browser.screenshot("serve-welcome");
        browser.await("#password").sendKeys("correct horse battery staple");
        browser.find("#again").sendKeys("correct horse battery staple");
        browser.find("main button[type=submit]").click();
        browser.await(".lanes");
    }

    private void leave() {
        browser.find("form[action='/logout'] button").click();
        browser.await("#user");
    }

    private void enter(String user, String password) {
        open("/login");
        browser.await("#user").sendKeys(user);
        browser.find("#password").sendKeys(password);
        browser.find("main form button[type=submit]").click();
        browser.await(".lanes");
    }

    @Test
    void the_first_link_leads_to_the_overview_and_the_password_opens_it_again() {
        open("/");
        assertThat(browser.text()).contains("production", "shop", "data 1 approval of owners", "admin");
        String admin = browser.find(".own bdi").getText();

        leave();
        assertThat(browser.open(scene.address() + "/runs").address()).contains("/login");
        enter(admin, "correct horse battery staple");

        assertThat(browser.find(".own bdi").getText()).isEqualTo(admin);
        assertThat(browser.complaints()).isEmpty();
    }

    @Test
    void a_backup_is_asked_for_and_followed_until_it_is_done_and_stands_on_the_line_in_time() {
        open("/databases/shop");
        try (Session blocking = session()) {
            blocking.execute("begin");
            blocking.execute("lock table orders in access exclusive mode");
            browser.find("main summary").click();
            browser.await("form[action$='/backup'] button").click();
            browser.awaitText("going on");
            assertThat(browser.text()).contains("Backup of shop into vault");
            browser.screenshot("serve-backup");
            blocking.execute("rollback");
        }

        browser.awaitText("Report");

        assertThat(browser.find(".runline").getText()).startsWith("done");
        open("/databases/shop");
        assertThat(browser.all(".time circle")).isNotEmpty();
        assertThat(browser.text()).containsPattern("[1-9] backups? since");
        browser.screenshot("serve-database");
        assertThat(browser.complaints()).isEmpty();
    }

    @Test
    void a_time_without_a_backup_is_a_red_gap_in_words_and_the_next_backup_ends_it() {
        scene.done(new Operation.Backup(SHOP, List.of(VAULT)));
        Wait.until("the backup is older than promised", () -> {
            open("/databases/shop");
            return browser.text().contains("nothing of this time can be restored so far");
        });

        assertThat(browser.text())
                .contains("gap", "the charter promises a backup every 2 s", "PostgreSQL 15.")
                .doesNotContain("unknown version");
        assertThat(browser.all(".time rect.gap")).isNotEmpty();
        browser.screenshot("serve-gap");

        scene.done(new Operation.Backup(SHOP, List.of(VAULT)));
        open("/databases/shop");

        assertThat(browser.text()).contains("Between ", "nothing of this time can be restored.");
        assertThat(browser.complaints()).isEmpty();
    }

    @Test
    void the_card_says_when_a_backup_was_proven_though_no_run_is_known_any_more() {
        Report.Backup backup = (Report.Backup) scene.done(new Operation.Backup(SHOP, List.of(VAULT)));
        scene.done(new Operation.Verify(backup.backup(), VAULT, SHOP));
        open("/");
        assertThat(browser.find("article.card").getText()).contains("proven").doesNotContain("never");

        scene.state("delete from pgcharter.run where verb = 'verify' and ended_at is not null");
        Wait.until("the listing shows the proof", () -> {
            open("/");
            return browser.find("article.card").getText().contains("proven")
                    && !browser.find("article.card").getText().contains("never");
        });
    }

    @Test
    void waivers_in_force_stand_with_the_alerts_and_expired_ones_do_not() {
        open("/alerts");

        assertThat(browser.text())
                .contains("Waivers in force", "data-checksums", "on with the next major", "2999-12-24", "charter.yaml:")
                .doesNotContain("was rebuilt");
        browser.screenshot("serve-waivers");
    }

    @Test
    void a_run_is_cancelled_by_its_button() {
        open("/databases/shop");
        try (Session blocking = session()) {
            blocking.execute("begin");
            blocking.execute("lock table orders in access exclusive mode");
            browser.find("main summary").click();
            browser.await("form[action$='/backup'] button").click();
            browser.await("form[action$='/cancel'] button").click();
            browser.awaitText("CANCELLED"); // while the table is still locked
        }

        assertThat(browser.find(".runline").getText()).startsWith("cancelled");
        assertThat(browser.find(".trouble").getText()).contains("Cause", "Remedy");
    }

    @Test
    void what_one_person_asks_for_another_one_agrees_to() {
        Outcome asked = scene.submit("olaf", new Operation.Copy(SHOP, TRIAL, false));
        assertThat(asked).isInstanceOf(Outcome.Waiting.class);
        open("/approvals");
        assertThat(browser.text()).contains("Copy of shop into trial", "The charter does not name you as owners");
        assertThat(browser.all("form[action$='/approve']")).isEmpty();
        String admin = browser.find(".own bdi").getText();
        leave();

        enter(scene.added("paula", Role.APPROVER));
        assertThat(browser.find(".nav a[href='/approvals']").getText()).contains("1");
        open("/approvals");
        browser.screenshot("serve-approvals");
        browser.find("form[action$='/approve'] button").click();
        browser.awaitText("agreed to");

        Outcome again = scene.submit("olaf", new Operation.Copy(SHOP, TRIAL, false));
        assertThat(again).isInstanceOf(Outcome.Done.class);
        assertThat(browser.complaints()).isEmpty();
        leave();
        enter(admin, "correct horse battery staple");
    }

    @Test
    void what_the_charter_forbids_is_refused_with_its_reasons() {
        open("/databases/trial");
        browser.script("""
                const form = document.querySelector("form[action$='/maintain']");
                form.action = "/databases/trial/verify";
                form.innerHTML = form.querySelector("[name=csrf]").outerHTML
                    + `<input name="repository" value="vault"><input name="backup" value="${"0".repeat(64)}">`;
                form.submit();""");

        browser.await(".kicker.crit");

        assertThat(browser.text()).contains("Refused", "The charter forbids it", "charter.yaml:");
        assertThat(browser.all(".reasons li")).isNotEmpty();
        browser.screenshot("serve-refused");
    }

    @Test
    void every_page_is_without_barriers_and_complaints_in_light_in_dark_and_on_a_phone() {
        List<String> found = new ArrayList<>();
        for (String path : List.of(
                "/",
                "/databases/shop",
                "/runs",
                "/approvals",
                "/schedule",
                "/journal",
                "/alerts",
                "/account",
                "/users")) {
            for (String look : List.of("light", "dark", "phone")) {
                browser.dark(look.equals("dark"));
                if (look.equals("phone")) {
                    browser.phone();
                } else {
                    browser.wide();
                }
                open(path);
                if (look.equals("light")) {
                    browser.barriers().forEach(barrier -> found.add(path + ": " + barrier));
                }
                browser.complaints().forEach(complaint -> found.add(path + ": " + complaint));
                browser.loaded().stream()
                        .filter(address -> !address.startsWith(scene.address().toString()))
                        .forEach(address -> found.add(path + " loads " + address));
                if (look.equals("phone") && !browser.script("return innerWidth").equals(390L)) {
                    found.add(path + " is wider than a phone");
                }
                browser.screenshot("serve" + path.replace('/', '-') + "-" + look);
            }
        }

        assertThat(found).isEmpty();
    }
}
