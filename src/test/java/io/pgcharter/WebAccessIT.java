package io.pgcharter;

import static org.assertj.core.api.Assertions.assertThat;

import io.pgcharter.entry.web.RouteTable;
import io.pgcharter.model.operation.Role;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/// Every route, asked by everybody.
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class WebAccessIT {
    private final WebScene scene = new WebScene();

    @BeforeAll
    void users() {
        for (Role role : Role.values()) {
            scene.added("the-" + role.name().toLowerCase(Locale.ROOT), role);
        }
    }

    @AfterAll
    void close() {
        scene.close();
    }

    private WebClient client(Role role) {
        String user = "the-" + role.name().toLowerCase(Locale.ROOT);
        return new WebClient(scene.address()).bearing(scene.token(user, role));
    }

    private static String path(RouteTable.Line route) {
        return route.path()
                .replace("{name}", "copy")
                .replace("{run}", "0123456789ab")
                .replace("{verb}", "status")
                .replaceAll("\\{[a-z]+}", "nothing");
    }

    private static HttpResponse<String> ask(WebClient client, RouteTable.Line route) {
        HttpRequest.Builder request = client.request(path(route));
        if (route.method().equals("GET")) {
            return client.send(request.GET());
        }
        return client.send(request.header("Content-Type", "application/json")
                .header("Origin", client.origin())
                .POST(HttpRequest.BodyPublishers.noBody()));
    }

    @Test
    void every_route_is_open_to_the_roles_it_declares_and_to_nobody_else() {
        List<String> wrong = new ArrayList<>();
        for (Role role : Role.values()) {
            WebClient client = client(role);
            for (RouteTable.Line route : RouteTable.lines()) {
                HttpResponse<String> response = ask(client, route);
                boolean isWrongPassword = route.path().equals("/login");
                boolean isRefused = (response.statusCode() == 401 && !isWrongPassword)
                        || (response.statusCode() == 403 && response.body().contains("FORBIDDEN"));
                boolean isOpen = route.role().map(role::covers).orElse(true);
                if (isRefused == isOpen) {
                    wrong.add(role + " " + route + ": " + response.statusCode() + " " + response.body());
                }
            }
        }

        assertThat(wrong).isEmpty();
    }

    @Test
    void without_a_login_only_what_is_open_to_anybody_answers() {
        List<String> wrong = new ArrayList<>();
        for (RouteTable.Line route : RouteTable.lines()) {
            HttpResponse<String> response = ask(new WebClient(scene.address()), route);
            boolean isSentToLogin = response.statusCode() == 303
                    && response.headers().firstValue("Location").orElse("").startsWith("/login");
            boolean isRefused = response.statusCode() == 401 || isSentToLogin;
            if (route.role().isPresent() != isRefused && !route.path().equals("/login")) {
                wrong.add(route + ": " + response.statusCode() + " " + response.body());
            }
        }

        assertThat(wrong).isEmpty();
    }

    @Test
    void a_page_of_somebody_else_can_make_a_browser_change_nothing() {
        WebClient browser = scene.browser("karl", Role.ADMIN);
        String csrf = browser.csrf().orElseThrow();
        List<String> wrong = new ArrayList<>();
        for (RouteTable.Line route : RouteTable.lines()) {
            if (route.method().equals("GET")) {
                continue;
            }
            int foreign = browser.postAs("https://evil.example", path(route), Map.of("csrf", csrf))
                    .statusCode();
            HttpResponse<String> nameless = browser.send(browser.request(path(route))
                    .header("Content-Type", "application/x-www-form-urlencoded")
                    .POST(HttpRequest.BodyPublishers.ofString("csrf=" + csrf)));
            HttpResponse<String> tokenless = browser.postAs(browser.origin(), path(route), Map.of("csrf", "guessed"));
            if (foreign != 403 || nameless.statusCode() != 403 || tokenless.statusCode() != 403) {
                wrong.add(route + ": " + foreign + " " + nameless.statusCode() + " " + tokenless.statusCode());
            }
        }

        assertThat(wrong).isEmpty();
        assertThat(scene.ask(
                        "select string_agg(verb, ', ' order by begun_at) from pgcharter.run where person = 'karl'"))
                .as("nothing but how he came in himself")
                .isEqualTo("password change, login");
    }

    @Test
    void reading_every_page_changes_nothing() {
        WebClient browser = scene.browser("rita", Role.ADMIN);
        String before = scene.ask("select max(sequence) from pgcharter.journal");
        List<String> wrong = new ArrayList<>();
        for (RouteTable.Line route : RouteTable.lines()) {
            if (route.method().equals("GET")) {
                HttpResponse<String> response = browser.get(path(route));
                if (response.statusCode() >= 500) {
                    wrong.add(route + ": " + response.statusCode() + " " + response.body());
                }
            }
        }

        assertThat(wrong).isEmpty();
        assertThat(scene.ask("select max(sequence) from pgcharter.journal")).isEqualTo(before);
    }

    @Test
    void every_answer_forbids_what_no_page_of_ours_needs() {
        for (String path : List.of("/login", "/healthz", "/api/v1/runs", "/nothing/here", "/api/v1/nothing")) {
            HttpResponse<String> response = new WebClient(scene.address()).get(path);

            assertThat(response.headers().map())
                    .as(path + " " + response.statusCode())
                    .containsEntry("x-content-type-options", List.of("nosniff"))
                    .containsEntry("referrer-policy", List.of("same-origin"))
                    .containsEntry("cache-control", List.of("no-store"))
                    .containsEntry("x-frame-options", List.of("DENY"))
                    .doesNotContainKeys("server", "x-powered-by", "strict-transport-security");
            assertThat(response.headers().firstValue("content-security-policy").orElse(""))
                    .contains("default-src 'self'", "frame-ancestors 'none'", "form-action 'self'")
                    .doesNotContain("unsafe");
        }
    }
}
