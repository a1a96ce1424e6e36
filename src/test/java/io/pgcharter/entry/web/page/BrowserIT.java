package io.pgcharter.entry.web.page;

import static org.assertj.core.api.Assertions.assertThat;

import io.pgcharter.browser.Browser;
import io.pgcharter.model.operation.Role;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.openqa.selenium.Keys;

/// Every page in a real browser: light, dark, on a phone, by keyboard, without JavaScript. Screenshots are left in
/// `target/screenshots`.
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class BrowserIT {
    private final Fleet fleet = new Fleet(UnaryOperator.identity());
    private final Map<String, Page> pages = new LinkedHashMap<>();
    private PageServer server;
    private Browser browser;

    @BeforeAll
    void start(@TempDir Path profile) {
        fleet.pages().forEach((name, page) -> pages.put("/" + name, page));
        pages.put("/", fleet.overview());
        pages.put("/runs/r-20261121-9c2f", fleet.running(.42));
        server = new PageServer(pages, fleet.frame(Role.ADMIN));
        browser = Browser.start(profile);
    }

    @AfterAll
    void stop() {
        browser.close();
        server.close();
    }

    @BeforeEach
    void light_and_wide() {
        browser.wide();
        browser.dark(false);
        browser.open(server.address("/"));
        browser.forgetCookies();
        browser.complaints();
    }

    @Test
    void no_page_has_a_barrier_or_a_complaint_or_asks_for_anything_elsewhere() {
        List<String> found = new ArrayList<>();
        for (String name : fleet.pages().keySet()) {
            for (String look : List.of("light", "dark", "phone")) {
                browser.dark(look.equals("dark"));
                if (look.equals("phone")) {
                    browser.phone();
                } else {
                    browser.wide();
                }

                browser.open(server.address("/" + name));
                if (name.equals("database")) {
                    browser.await(".uplot");
                }

                List<String> barriers = switch (look) {
                    case "light" -> browser.barriers();
                    case "dark" -> browser.barriers("color-contrast");
                    default -> browser.barriers("target-size", "scrollable-region-focusable");
                };
                barriers.forEach(barrier -> found.add(name + " " + look + ": " + barrier));
                browser.complaints().forEach(complaint -> found.add(name + " " + look + ": " + complaint));
                browser.loaded().stream()
                        .filter(address -> !address.startsWith(server.address("/")))
                        .forEach(address -> found.add(name + " loads " + address));
                if (look.equals("phone") && !browser.script("return innerWidth").equals(390L)) {
                    found.add(name + " is wider than a phone: " + browser.script("return innerWidth"));
                }
                browser.screenshot(name + "-" + look);
            }
        }

        assertThat(found).isEmpty();
    }

    @Test
    void a_page_that_breaks_the_policy_is_found() {
        browser.open(server.address("/runs"));

        browser.script("document.body.insertAdjacentHTML('beforeend', '<i style=\"color:red\">x</i><input>')");

        assertThat(browser.complaints()).anyMatch(complaint -> complaint.contains("Content Security Policy"));
        assertThat(browser.barriers()).anyMatch(barrier -> barrier.startsWith("label"));
    }

    @Test
    void a_run_is_followed_live_until_it_has_ended() throws InterruptedException {
        server.watchers.clear();
        browser.open(server.address("/runs/r-20261121-9c2f"));
        assertThat(browser.find(".steps").getText()).contains("517 GB of 1.2 TB");

        BlockingQueue<List<String>> events = Objects.requireNonNull(server.watchers.poll(20, TimeUnit.SECONDS));
        events.add(List.of("live", server.live(fleet.running(.8))));
        browser.awaitText("984 GB of 1.2 TB");

        pages.put("/runs/r-20261121-9c2f", fleet.done());
        events.add(List.of("live", server.live(fleet.running(1))));
        events.add(List.of("ended", "done"));
        browser.awaitText("Report");
        assertThat(browser.text()).contains("Rows").contains("1,310,004,211").doesNotContain("Cancel this run");
        assertThat(browser.complaints()).isEmpty();
        pages.put("/runs/r-20261121-9c2f", fleet.running(.42));
    }

    @Test
    void the_theme_is_changed_by_its_button_and_kept() {
        Object light = ground();

        browser.find("[data-theme-switch]").click();
        Object dark = ground();
        browser.open(server.address("/schedule"));

        assertThat(dark).isNotEqualTo(light);
        assertThat(ground()).isEqualTo(dark);
        assertThat(browser.find("html").getAttribute("data-theme")).isEqualTo("dark");
        browser.find("[data-theme-switch]").click();
        assertThat(ground()).isEqualTo(light);
    }

    @Test
    void work_on_what_is_protected_waits_until_its_name_is_typed() {
        browser.open(server.address("/database"));

        browser.find(".wish summary").sendKeys(Keys.ENTER);
        var field = browser.await("#confirm-backup");
        var button = browser.find("form[action$='/backup'] button");
        assertThat(browser.focused()).isEqualTo(field);
        assertThat(button.isEnabled()).isFalse();
        field.sendKeys("payment");
        assertThat(button.isEnabled()).isFalse();
        field.sendKeys("s");

        assertThat(button.isEnabled()).isTrue();
        browser.screenshot("database-confirm");
        field.sendKeys(Keys.ESCAPE);
        assertThat(field.isDisplayed()).isFalse();
    }

    @Test
    void the_keyboard_reaches_everything_and_is_never_caught() {
        browser.open(server.address("/database"));
        browser.await(".uplot");
        browser.find("body").sendKeys(Keys.TAB);
        assertThat(browser.focused().getText()).isEqualTo("Skip to content");
        browser.focused().sendKeys(Keys.ENTER);
        assertThat(browser.focused().getAttribute("id")).isEqualTo("main");

        List<String> visited = new ArrayList<>();
        Object all =
                browser.script("return [...document.querySelectorAll('main a[href], main summary, main button, main"
                        + " [tabindex=\"0\"]')].filter(e => e.checkVisibility() && !e.closest('.pop')).length");
        for (long step = 0; step < (Long) all; step++) {
            browser.focused().sendKeys(Keys.TAB);
            visited.add((String) browser.script("""
                    const it = document.activeElement, style = getComputedStyle(it);
                    return it.matches("main *") && (style.outlineStyle !== "none" || it.closest(":focus-within.card"))
                        ? it.outerHTML.slice(0, 80) : "lost or not seen: " + it.outerHTML.slice(0, 200);"""));
        }

        assertThat(visited).noneMatch(place -> place.startsWith("lost"));
        assertThat(visited).last().asString().contains("/runs?database=payments");
    }

    @Test
    void without_javascript_a_page_says_the_same() {
        browser.withoutJavaScript(true);
        browser.open(server.address("/database"));
        String text = browser.text();
        browser.withoutJavaScript(false);

        assertThat(text).contains("What can be restored", "slot-retention", "Statements that cost most", "Back up");
        assertThat(browser.all(".plot > svg")).hasSize(4);
        assertThat(browser.all("[data-theme-switch]:not([hidden])")).isEmpty();
    }

    @Test
    void what_changes_is_refreshed_in_place() {
        browser.open(server.address("/"));
        browser.script("document.getElementById('live').dataset.old = 'yes'");
        pages.put("/", fleet.overview(8));

        browser.script(
                "htmx.config; htmx.ajax('GET', '/', {source: '#live', target: '#live', select: '#live', swap: 'outerHTML'})");
        browser.awaitText("service-0001-staging");

        assertThat(browser.all("#live[data-old]")).isEmpty();
        assertThat(browser.find("#live").getAttribute("hx-trigger")).isEqualTo("every 10s");
        assertThat(browser.complaints()).isEmpty();
        pages.put("/", fleet.overview());
    }

    /// Those of the README: `docs/images` holds copies, made smaller.
    @Test
    void pictures_are_taken() {
        browser.open(server.address("/"));
        assertThat(browser.picture("picture-overview")).isNotEmptyFile();
        browser.dark(true);
        browser.open(server.address("/database"));
        browser.await(".uplot");
        assertThat(browser.picture("picture-database")).isNotEmptyFile();
    }

    private Object ground() {
        return browser.script("return getComputedStyle(document.body).backgroundColor");
    }
}
