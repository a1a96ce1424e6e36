package io.pgcharter.entry.web.page;

import static org.assertj.core.api.Assertions.assertThat;

import io.pgcharter.entry.web.page.Frame.Theme;
import io.pgcharter.model.operation.Role;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.jsoup.Jsoup;
import org.jsoup.nodes.Document;
import org.jsoup.nodes.Element;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class PagesTest {
    private static final int PAGE_MAX_BYTES = 200_000;
    private static final String HOSTILE =
            "</title></textarea>\"'><script>alert(1)</script><img src=x onerror=alert(1)>' onclick='x {{a}} ${b} \u202Eteg ";
    private static final Fleet BELIEVABLE = new Fleet(UnaryOperator.identity());
    private static final Fleet EVIL = new Fleet(text -> HOSTILE + text);

    private final Assets assets = new Assets();
    private final Pages pages = new Pages(assets);

    static Stream<Arguments> everyPage() {
        Map<String, Page> all = new LinkedHashMap<>();
        BELIEVABLE.pages().forEach((name, page) -> all.put(name, page));
        EVIL.pages().forEach((name, page) -> all.put(name + ", hostile", page));
        new Fleet(text -> "x".repeat(63 - Math.min(63, text.length())) + text)
                .pages()
                .forEach((name, page) -> all.put(name + ", 63 bytes", page));
        all.put("overview of nothing", new Overview(List.of(), List.of(), List.of()));
        all.put("runs of nothing", new RunList(List.of(), Optional.of("a&b"), Optional.empty()));
        all.put("alerts of nothing", new AlertsPage(List.of(), List.of(), List.of(), List.of()));
        all.put("approvals of nothing", new ApprovalsPage(List.of(), List.of()));
        all.put("schedule of nothing", new SchedulePage(List.of()));
        all.put("users of nothing", new UsersPage(List.of(), Optional.empty(), Optional.empty()));
        return all.entrySet().stream().map(entry -> Arguments.of(entry.getKey(), entry.getValue()));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("everyPage")
    void every_page_keeps_the_rules_for_every_role(String name, Page page) {
        for (Role role : Role.values()) {
            String html = pages.render(EVIL.frame(role), page);

            assertThat(Markup.of(html).faults()).as(name + " for " + role).isEmpty();
            assertThat(html).doesNotContain("<script>alert").doesNotContain("<img");
        }
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("everyPage")
    void a_page_with_all_its_files_is_smaller_than_200_kB(String name, Page page) {
        String html = pages.render(BELIEVABLE.frame(Role.ADMIN), page);

        long bytes = html.getBytes(StandardCharsets.UTF_8).length;
        for (Element file : Jsoup.parse(html).select("script[src], link[href]")) {
            String address = file.hasAttr("src") ? file.attr("src") : file.attr("href");
            bytes += assets.find(address).orElseThrow().content().length;
        }
        assertThat(bytes).isLessThan(PAGE_MAX_BYTES);
    }

    @Test
    void what_is_hostile_is_shown_to_the_letter() {
        Document page = Jsoup.parse(pages.render(EVIL.frame(Role.ADMIN), EVIL.overview()));

        assertThat(page.select(".card h4 bdi").stream()
                        .findFirst()
                        .orElseThrow()
                        .wholeText())
                .isEqualTo(HOSTILE + "payments");
        assertThat(page.title()).isEqualTo("Overview · pgcharter");
        assertThat(Jsoup.parse(pages.render(EVIL.frame(Role.ADMIN), EVIL.database()))
                        .title())
                .contains("<script>alert(1)</script>");
    }

    @Test
    void what_breaks_a_rule_is_found() {
        String sound = pages.render(BELIEVABLE.frame(Role.ADMIN), BELIEVABLE.alerts());
        Map<String, String> planted = Map.of(
                "<script>alert(1)</script>", "inline script",
                "<p style='color:red'>x</p>", "inline style",
                "<p onclick='x()'>x</p>", "inline onclick",
                "<a href='https://elsewhere.example/'>x</a>", "address that leads elsewhere",
                "<i id='main'></i>", "id given twice",
                "<a href='#nowhere'>x</a>", "link to nothing",
                "<h1>another</h1>", "not exactly one h1",
                "<table><thead><tr><th>x</th></tr></thead></table>", "th without scope",
                "<input id='lonely'>", "field without a label",
                "<form method='post' action='/x'></form>", "form without its token");

        planted.forEach((html, fault) -> {
            List<String> faults =
                    Markup.of(sound.replace("</main>", html + "</main>")).faults();
            assertThat(faults).as(html).anyMatch(found -> found.startsWith(fault));
        });
    }

    @Test
    void a_viewer_is_offered_nothing_that_changes_anything() {
        for (Page page : List.of(BELIEVABLE.database(), BELIEVABLE.alerts(), BELIEVABLE.running(.5))) {
            Document drawn = Jsoup.parse(pages.render(BELIEVABLE.frame(Role.VIEWER), page));

            assertThat(drawn.select("main form")).isEmpty();
        }
        assertThat(Jsoup.parse(pages.render(BELIEVABLE.frame(Role.OPERATOR), BELIEVABLE.overview()))
                        .select("nav a[href=/users]"))
                .isEmpty();
    }

    @Test
    void work_on_what_is_protected_asks_for_its_name() {
        Document page = Jsoup.parse(pages.render(BELIEVABLE.frame(Role.OPERATOR), BELIEVABLE.database()));

        assertThat(page.select("form[action=/databases/payments/backup] input[name=confirm][required]"))
                .hasSize(1);
        assertThat(page.select("form[action=/databases/payments/verify] input[name=backup]"))
                .isNotEmpty();
    }

    @Test
    void who_may_not_agree_reads_why_and_finds_no_button() {
        Document page = Jsoup.parse(pages.render(BELIEVABLE.frame(Role.APPROVER), BELIEVABLE.approvals()));

        assertThat(page.select("#request-7f3a form[action=/approvals/7f3a/approve]"))
                .hasSize(1);
        assertThat(page.select("#request-91c0 form")).isEmpty();
        assertThat(page.select("#request-91c0").text()).contains("You asked for it yourself.");
    }

    @Test
    void the_theme_is_drawn_by_the_server() {
        Frame frame = BELIEVABLE.frame(Role.VIEWER);
        for (Theme theme : Theme.values()) {
            Frame themed = new Frame(frame.visitor(), frame.csrf(), frame.now(), theme, frame.pending());

            Document page = Jsoup.parse(pages.render(themed, BELIEVABLE.schedule()));

            assertThat(page.select("html").attr("data-theme"))
                    .isEqualTo(theme.name().toLowerCase(java.util.Locale.ROOT));
        }
        assertThat(Theme.of("dark")).isEqualTo(Theme.DARK);
        assertThat(Theme.of("\"><script>")).isEqualTo(Theme.AUTO);
    }

    @Test
    void a_run_that_goes_on_is_watched_and_reloaded_where_there_is_no_script() {
        Document goesOn = Jsoup.parse(pages.render(BELIEVABLE.frame(Role.OPERATOR), BELIEVABLE.running(.42)));
        Document over = Jsoup.parse(pages.render(BELIEVABLE.frame(Role.OPERATOR), BELIEVABLE.failed()));

        assertThat(goesOn.select("[data-events=/runs/r-20261121-9c2f/events]")).hasSize(1);
        assertThat(goesOn.select("noscript").html()).contains("http-equiv=\"refresh\"");
        assertThat(goesOn.select(".steps").text()).contains("517 GB of 1.2 TB", "178 MB/s", "left");
        assertThat(over.select("[data-events], noscript, form[action$=/cancel]"))
                .isEmpty();
        assertThat(over.select(".trouble").text()).contains("TABLE_CHANGED", "Cause", "Remedy");
    }

    @Test
    void a_refusal_says_why_and_where_the_charter_says_so() {
        Document page = Jsoup.parse(
                pages.render(BELIEVABLE.frame(Role.OPERATOR), BELIEVABLE.decision(DecisionPage.Kind.REFUSED)));

        assertThat(page.select("main").text())
                .contains("Copy of payments-dev into payments", "The charter forbids it", "charter.yaml:40");
        assertThat(page.select("main form")).isEmpty();
    }

    @Test
    void many_databases_are_drawn_small_but_those_that_are_not_well() {
        Overview thousand = BELIEVABLE.overview(1000);

        String html = pages.render(BELIEVABLE.frame(Role.VIEWER), thousand);

        Document page = Jsoup.parse(html);
        assertThat(page.select(".card")).hasSize(4 * Overview.CARDS_MAX);
        assertThat(page.select(".card.ok")).isEmpty();
        assertThat(page.select(".card, .tiles a")).hasSize(1000);
        assertThat(html.length()).isLessThan(PAGE_MAX_BYTES);
    }

    @Test
    void the_overview_of_1000_databases_is_drawn_within_20_ms() {
        Overview thousand = BELIEVABLE.overview(1000);
        Frame frame = BELIEVABLE.frame(Role.VIEWER);
        long best = Long.MAX_VALUE;
        for (int round = 0; round < 150; round++) {
            long begun = System.nanoTime();
            String html = pages.render(frame, thousand);
            best = Math.min(best, System.nanoTime() - begun);
            assertThat(html).contains("</html>");
        }

        assertThat(best / 1_000_000.0).as("milliseconds").isLessThan(20);
    }

    @Test
    void files_are_named_by_their_content() {
        Document page = Jsoup.parse(pages.render(BELIEVABLE.frame(Role.VIEWER), BELIEVABLE.database()));

        assertThat(page.select("script[src], link[href]").stream())
                .hasSize(6)
                .allMatch(file ->
                        (file.attr("src") + file.attr("href")).matches("/assets/[a-z.]+\\.[0-9a-f]{12}\\.[a-z.]+"));
        assertThat(assets.find("/assets/app.css")).isEmpty();
        assertThat(assets.find("/assets/../Pages.class")).isEmpty();
    }
}
