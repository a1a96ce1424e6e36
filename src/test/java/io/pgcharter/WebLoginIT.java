package io.pgcharter;

import static org.assertj.core.api.Assertions.assertThat;

import io.pgcharter.engine.engine.Outcome;
import io.pgcharter.model.operation.AccessOperation;
import io.pgcharter.model.operation.AccessReport;
import io.pgcharter.model.operation.Operation;
import io.pgcharter.model.operation.Role;
import io.pgcharter.model.secret.Secret;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jsoup.Jsoup;
import org.jsoup.nodes.Document;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/// How people and programs come in, and how that ends.
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class WebLoginIT {
    private final WebScene scene = new WebScene();

    @AfterAll
    void close() {
        scene.close();
    }

    private WebClient fresh() {
        return new WebClient(scene.address());
    }

    private static int status(WebClient client) {
        return client.get("/api/v1/me").statusCode();
    }

    @Test
    void the_first_start_makes_one_admin_whose_link_works_once() {
        WebClient browser = fresh();
        String link = scene.firstLink();

        HttpResponse<String> form = browser.get(link);
        HttpResponse<String> set = browser.setPassword(link, "a long enough one");

        assertThat(form.statusCode()).isEqualTo(200);
        assertThat(form.body()).contains("root");
        assertThat(set.statusCode()).isEqualTo(303);
        assertThat(browser.json("/api/v1/me").path("role").stringValue()).isEqualTo("ADMIN");
        assertThat(fresh().get(link).statusCode()).isEqualTo(404);
        assertThat(fresh().setPassword(link, "another long enough").statusCode())
                .isEqualTo(404);
        assertThat(fresh().logIn("root", "a long enough one").statusCode()).isEqualTo(303);
    }

    @Test
    void reading_the_link_uses_nothing_up_and_a_weak_password_is_refused() {
        String link = scene.added("wanda", Role.VIEWER);
        String token = link.substring("/first/".length());

        for (int time = 0; time < 3; time++) {
            assertThat(fresh().get(link).statusCode()).isEqualTo(200);
        }
        assertThat(fresh().setPassword(link, "short").statusCode()).isEqualTo(400);
        assertThat(fresh().setPassword(link, "aaaaaaaaaaaaaaaa").statusCode()).isEqualTo(400);
        assertThat(fresh().post("/welcome", Map.of("token", token, "password", "one two three", "again", "other"))
                        .statusCode())
                .isEqualTo(400);
        assertThat(fresh().setPassword(link, "one two three four").statusCode()).isEqualTo(303);
    }

    @Test
    void a_link_ends_after_a_day_and_a_new_one_ends_the_old() {
        String first = scene.added("lena", Role.VIEWER);
        String second = scene.added("lena", Role.OPERATOR);
        assertThat(fresh().get(first).statusCode()).isEqualTo(404);
        assertThat(fresh().get(second).statusCode()).isEqualTo(200);

        scene.state("update pgcharter.invitation set expires_at = clock_timestamp() where person = 'lena'");

        assertThat(fresh().get(second).statusCode()).isEqualTo(404);
        assertThat(fresh().setPassword(second, "one two three four").statusCode())
                .isEqualTo(404);
    }

    private static Map<String, String> passwords(String present, String next) {
        return Map.of("password", present, "new", next, "again", next);
    }

    @Test
    void who_knows_their_password_sets_another_and_their_other_logins_end() {
        WebClient browser = scene.browser("petra", Role.VIEWER);
        WebClient elsewhere = fresh();
        elsewhere.logIn("petra", "correct horse petra");
        String link = scene.added("petra", Role.VIEWER);

        assertThat(browser.post("/account/password", passwords("guessed", "one two three four"))
                        .statusCode())
                .isEqualTo(403);
        assertThat(browser.post("/account/password", passwords("correct horse petra", "short"))
                        .statusCode())
                .isEqualTo(400);
        assertThat(browser.post(
                                "/account/password",
                                Map.of("password", "correct horse petra", "new", "one two three four", "again", "x"))
                        .statusCode())
                .isEqualTo(400);
        assertThat(status(elsewhere)).isEqualTo(200);
        HttpResponse<String> changed =
                browser.post("/account/password", passwords("correct horse petra", "one two three four"));

        assertThat(changed.statusCode()).isEqualTo(200);
        assertThat(changed.body()).contains("Your password is changed").doesNotContain("one two three four");
        assertThat(status(browser)).isEqualTo(200);
        assertThat(status(elsewhere)).isEqualTo(401);
        assertThat(fresh().get(link).statusCode()).isEqualTo(404);
        assertThat(fresh().logIn("petra", "correct horse petra").statusCode()).isEqualTo(401);
        assertThat(fresh().logIn("petra", "one two three four").statusCode()).isEqualTo(303);
    }

    @Test
    void guessing_the_present_password_becomes_slow() {
        WebClient browser = scene.browser("gustav", Role.VIEWER);
        for (int time = 0; time < 5; time++) {
            assertThat(browser.post("/account/password", passwords("guess " + time, "one two three four"))
                            .statusCode())
                    .isEqualTo(403);
        }

        assertThat(browser.post("/account/password", passwords("correct horse gustav", "one two three four"))
                        .statusCode())
                .isEqualTo(429);
        assertThat(fresh().bearing(scene.token("gustav", Role.VIEWER))
                        .post("/account/password", passwords("correct horse gustav", "one two three four"))
                        .statusCode())
                .as("a token is no password")
                .isEqualTo(400);
    }

    @Test
    void ones_other_sessions_are_shown_and_ended_and_nobody_elses() {
        WebClient browser = scene.browser("sara", Role.OPERATOR);
        WebClient phone = fresh().header("User-Agent", "Mozilla/5.0 (iPhone; <script>) Version/26 Safari/605");
        phone.logIn("sara", "correct horse sara");
        WebClient other = scene.browser("otto", Role.ADMIN);

        Document account = Jsoup.parse(browser.get("/account").body());
        assertThat(account.select("[aria-labelledby=sessions] li")).hasSize(2);
        assertThat(account.select("[aria-labelledby=sessions]").text())
                .contains("Safari on iPhone", "127.0.0.1", "this one")
                .doesNotContain("script");
        String end = account.select("form[action^=/account/sessions/]").attr("action");

        assertThat(other.post(end, Map.of()).statusCode()).isEqualTo(404);
        assertThat(status(phone)).isEqualTo(200);
        assertThat(browser.post(end, Map.of()).statusCode()).isEqualTo(303);
        assertThat(status(phone)).isEqualTo(401);
        assertThat(status(browser)).isEqualTo(200);
    }

    @Test
    void only_who_may_make_tokens_sees_the_form_for_it() {
        assertThat(scene.browser("vivi", Role.OPERATOR).get("/account").body()).doesNotContain("\"/account/tokens\"");
        assertThat(scene.browser("adam", Role.ADMIN).get("/account").body()).contains("\"/account/tokens\"");
    }

    @Test
    void where_the_charter_limits_reach_one_chooses_where_to_act_from() {
        String charter = WebScene.CHARTER.replace("cold: {}", "cold: { reaches: [cold, production] }");
        try (WebScene limited = new WebScene(charter, "web: { listen: \"127.0.0.1:0\" }\n")) {
            WebClient browser = limited.browser("eva", Role.OPERATOR);
            assertThat(browser.get("/").body()).contains("acting from", "<option value=\"cold\"");
            assertThat(browser.post("/databases/shop/backup", Map.of()).statusCode())
                    .isEqualTo(403);

            HttpResponse<String> chosen = browser.header("Referer", browser.origin() + "/databases/shop?x=1")
                    .post("/account/environment", Map.of("environment", "cold"));
            assertThat(chosen.headers().firstValue("Location")).contains("/databases/shop?x=1");

            assertThat(browser.get("/").body()).contains("<option value=\"cold\" selected");
            assertThat(browser.post("/databases/shop/backup", Map.of()).statusCode())
                    .as("the guard knows where it is asked from")
                    .isEqualTo(303);
            assertThat(browser.header("Referer", "https://evil.example//evil.example/x")
                            .post("/account/environment", Map.of("environment", "test"))
                            .headers()
                            .firstValue("Location"))
                    .contains("/");
            assertThat(browser.post("/databases/shop/backup", Map.of()).statusCode())
                    .isEqualTo(403);
            assertThat(browser.post("/account/environment", Map.of("environment", "mars"))
                            .statusCode())
                    .isEqualTo(404);
            assertThat(browser.post("/account/environment", Map.of("environment", ""))
                            .statusCode())
                    .isEqualTo(303);
            assertThat(browser.get("/").body()).doesNotContain("selected");
        }
        assertThat(scene.browser("free", Role.OPERATOR).get("/").body()).doesNotContain("acting from");
    }

    @Test
    void no_secret_stands_in_the_control_database() {
        String link = scene.added("nadia", Role.OPERATOR);
        WebClient browser = fresh();
        browser.setPassword(link, "the password of nadia");
        String token = scene.token("nadia", Role.OPERATOR);

        for (String secret : List.of(
                link.substring("/first/".length()),
                "the password of nadia",
                browser.cookies().get("pgcharter"),
                token)) {
            assertThat(scene.ask("select count(*) from pgcharter.journal where position('" + secret
                            + "' in convert_from(leaf, 'UTF8')) > 0"))
                    .isEqualTo("0");
            for (String table : List.of("person", "invitation", "login", "token", "run")) {
                assertThat(scene.ask("select count(*) from pgcharter." + table + " t where position('" + secret
                                + "' in t::text) > 0"))
                        .as(table)
                        .isEqualTo("0");
            }
        }
        assertThat(scene.ask("select password from pgcharter.person where name = 'nadia'"))
                .startsWith("$argon2id$v=19$m=19456,t=2,p=1$");
    }

    @Test
    void who_came_and_went_and_changed_a_password_is_in_the_journal_with_the_persons_name() {
        WebClient browser = fresh();
        browser.setPassword(scene.added("jana", Role.OPERATOR), "the first of jana");
        WebClient phone = fresh();
        phone.logIn("jana", "not the password");
        phone.logIn("jana", "the first of jana");
        phone.logIn("the first of jana", "jana");
        WebClient other = fresh();
        other.logIn("jana", "the first of jana");
        Document account = Jsoup.parse(browser.get("/account").body());
        browser.post(account.select("form[action^=/account/sessions/]").attr("action"), Map.of());
        browser.post("/account/password", passwords("not the password", "the second of jana"));
        browser.post("/account/password", passwords("the first of jana", "the second of jana"));
        browser.post("/logout", Map.of());

        assertThat(journaled("jana"))
                .isEqualTo("password change done, login done, login failed, login done, login done, logout done,"
                        + " password change failed, password change done, logout done");
        assertThat(journaled("(nobody)")).contains("login failed");
        for (String secret : List.of("the first of jana", "the second of jana", "not the password")) {
            assertThat(scene.ask("select count(*) from pgcharter.journal where position('" + secret
                            + "' in convert_from(leaf, 'UTF8')) > 0"))
                    .isEqualTo("0");
            assertThat(scene.ask(
                            "select count(*) from pgcharter.run t where position('" + secret + "' in t::text) > 0"))
                    .isEqualTo("0");
        }
        assertThat(scene.ask("""
                        select min(e ->> 'operation') from (select convert_from(leaf, 'UTF8')::json as e from pgcharter.journal) j
                        where e ->> 'person' = 'jana' and e ->> 'step' = 'BEGUN' and e ->> 'verb' = 'login'""")).contains("127.0.0.1", "***");
        // They are not among the work that people look for.
        assertThat(scene.with("frieda", Role.VIEWER).get("/api/v1/runs").body())
                .contains("password change")
                .doesNotContain("\"verb\":\"login\"", "\"verb\":\"logout\"");
    }

    /// How what a person asked for ended, in the order it did.
    private String journaled(String person) {
        return scene.ask("""
                select string_agg(e ->> 'verb' || ' ' || ((e ->> 'details')::json ->> 'outcome'), ', ' order by sequence)
                from (select sequence, convert_from(leaf, 'UTF8')::json as e from pgcharter.journal) j
                where e ->> 'person' = '%s' and e ->> 'step' = 'ENDED'""".formatted(person));
    }

    @Test
    void nobody_changes_the_password_or_ends_the_logins_of_somebody_else() {
        scene.browser("vera", Role.VIEWER);

        for (Operation operation : List.of(
                new AccessOperation.PasswordChange(
                        "vera",
                        Optional.of(new Secret("correct horse vera")),
                        Optional.empty(),
                        new Secret("one two three four"),
                        Optional.empty()),
                new AccessOperation.Logout("vera", "0123456789abcdef"))) {
            assertThat(scene.submit("root", operation)).isInstanceOf(Outcome.Refused.class);
        }
        assertThat(fresh().logIn("vera", "correct horse vera").statusCode()).isEqualTo(303);
        assertThat(scene.with("root", Role.ADMIN)
                        .postJson("/api/v1/operations/password-change", "{}")
                        .statusCode())
                .as("not over the network")
                .isEqualTo(404);
    }

    @Test
    void a_login_is_a_new_one_whatever_the_browser_held_before() {
        WebClient browser = scene.browser("fiona", Role.VIEWER);
        String planted = browser.cookies().get("pgcharter");

        HttpResponse<String> again = browser.logIn("fiona", "correct horse fiona");

        assertThat(again.statusCode()).isEqualTo(303);
        assertThat(browser.cookies().get("pgcharter")).isNotEqualTo(planted);
        WebClient thief = fresh();
        thief.cookies().put("pgcharter", planted);
        assertThat(status(thief)).isEqualTo(401);
        String cookie = again.headers().firstValue("Set-Cookie").orElse("");
        assertThat(cookie).contains("; Path=/", "; HttpOnly", "; SameSite=Strict");
    }

    @Test
    void logging_out_ends_the_login_for_whoever_holds_its_cookie() {
        WebClient browser = scene.browser("lars", Role.VIEWER);
        String cookie = browser.cookies().get("pgcharter");
        assertThat(status(browser)).isEqualTo(200);

        assertThat(browser.post("/logout", Map.of()).statusCode()).isEqualTo(303);

        WebClient thief = fresh();
        thief.cookies().put("pgcharter", cookie);
        assertThat(status(thief)).isEqualTo(401);
        assertThat(browser.cookies()).isEmpty();
        assertThat(browser.get("/runs").headers().firstValue("Location")).contains("/login?next=%2Fruns");
    }

    @Test
    void a_login_ends_when_it_is_idle_and_when_its_time_is_over() {
        WebClient browser = scene.browser("ida", Role.VIEWER);
        scene.state(
                "update pgcharter.login set used_at = clock_timestamp() - interval '29 minutes' where person = 'ida'");
        assertThat(status(browser)).isEqualTo(200);
        assertThat(scene.ask("select used_at > clock_timestamp() - interval '1 minute' from pgcharter.login"
                        + " where person = 'ida'"))
                .isEqualTo("t");

        scene.state(
                "update pgcharter.login set used_at = clock_timestamp() - interval '31 minutes' where person = 'ida'");
        assertThat(status(browser)).isEqualTo(401);

        scene.state("update pgcharter.login set used_at = clock_timestamp(),"
                + " begun_at = clock_timestamp() - interval '12 hours' where person = 'ida'");
        assertThat(status(browser)).isEqualTo(401);
    }

    @Test
    void who_is_removed_or_gets_another_role_is_so_at_once() {
        WebClient browser = scene.browser("rolf", Role.ADMIN);
        WebClient program = fresh().bearing(scene.token("rolf", Role.ADMIN));
        assertThat(browser.get("/api/v1/users").statusCode()).isEqualTo(200);

        scene.added("rolf", Role.VIEWER);
        assertThat(browser.get("/api/v1/users").statusCode()).isEqualTo(403);
        assertThat(program.get("/api/v1/users").statusCode()).isEqualTo(403);
        assertThat(program.get("/api/v1/runs").statusCode()).isEqualTo(200);

        scene.done(new AccessOperation.UserRemove("rolf"));
        assertThat(status(browser)).isEqualTo(401);
        assertThat(status(program)).isEqualTo(401);
    }

    @Test
    void a_token_can_do_what_its_scope_says_until_it_is_revoked_or_over() {
        scene.added("tom", Role.OPERATOR);
        AccessReport.TokenCreate made = (AccessReport.TokenCreate)
                scene.done(new AccessOperation.TokenCreate("tom", "report", Role.VIEWER, Duration.ofDays(30)));
        WebClient program = fresh().bearing(made.secret().reveal());

        assertThat(program.json("/api/v1/me").path("role").stringValue()).isEqualTo("VIEWER");
        assertThat(program.postJson("/api/v1/runs/0123456789ab/cancel", "").statusCode())
                .isEqualTo(403);
        assertThat(scene.ask("select used_at is not null from pgcharter.token where id = '" + made.token() + "'"))
                .isEqualTo("t");

        scene.state("update pgcharter.token set expires_at = clock_timestamp() where id = '" + made.token() + "'");
        assertThat(status(program)).isEqualTo(401);

        WebClient other = fresh().bearing(scene.token("tom", Role.OPERATOR));
        String id = scene.ask("select id from pgcharter.token where person = 'tom' order by made_at desc limit 1");
        scene.done(new AccessOperation.TokenRevoke(id));
        assertThat(status(other)).isEqualTo(401);
        assertThat(status(fresh().bearing("pgc_guessed"))).isEqualTo(401);
    }

    @Test
    void a_token_is_never_more_than_its_user_and_never_for_ever() {
        scene.added("vito", Role.VIEWER);

        assertThat(problem(new AccessOperation.TokenCreate("vito", "x", Role.OPERATOR, Duration.ofDays(1))))
                .contains("no token of theirs can be operator");
        assertThat(problem(new AccessOperation.TokenCreate("vito", "x", Role.VIEWER, Duration.ofDays(367))))
                .contains("367 days");
        assertThat(problem(new AccessOperation.TokenCreate("vito", "", Role.VIEWER, Duration.ofDays(1))))
                .contains("needs a name");
        assertThat(problem(new AccessOperation.TokenCreate("who", "x", Role.VIEWER, Duration.ofDays(1))))
                .contains("no user 'who'");
        assertThat(problem(new AccessOperation.UserAdd("schedule", Role.ADMIN))).contains("cannot be a user's name");
        assertThat(problem(new AccessOperation.UserAdd("a\nb", Role.ADMIN))).contains("'a?b'");
        assertThat(problem(new AccessOperation.UserRemove("who"))).contains("no user 'who'");
        assertThat(problem(new AccessOperation.TokenRevoke("who"))).contains("no token 'who'");
    }

    private String problem(Operation operation) {
        return String.valueOf(scene.submit("root", operation));
    }

    @Test
    void wrong_passwords_have_to_wait_longer_and_longer_but_only_from_where_they_come() {
        scene.browser("gus", Role.VIEWER);

        for (int time = 0; time < 5; time++) {
            assertThat(fresh().logIn("gus", "wrong password " + time).statusCode())
                    .isEqualTo(401);
        }
        HttpResponse<String> right = fresh().logIn("gus", "correct horse gus");

        assertThat(right.statusCode()).isEqualTo(429);
        assertThat(right.headers().firstValue("Retry-After")).isPresent();
        assertThat(right.body()).contains("Too many wrong passwords");
        // Another user at the same address is not kept out.
        scene.browser("hans", Role.VIEWER);
        assertThat(fresh().logIn("hans", "correct horse hans").statusCode()).isEqualTo(303);
    }

    @Test
    void who_is_not_known_is_told_no_more_than_who_is() {
        scene.browser("otto", Role.VIEWER);

        String known = fresh().logIn("otto", "not the password").body().replace("otto", "X");
        String unknown = fresh().logIn("nobody", "not the password").body().replace("nobody", "X");

        assertThat(known.replaceAll("<time[^<]*</time>", ""))
                .isEqualTo(unknown.replaceAll("<time[^<]*</time>", ""))
                .contains("do not go together");
    }

    @Test
    void a_login_leads_to_pages_of_ours_only() {
        scene.browser("nils", Role.VIEWER);
        for (String next : List.of(
                "https://evil.example", "//evil.example", "/\\evil.example", "javascript:alert(1)", "/a\r\nX: y", "")) {
            HttpResponse<String> response =
                    fresh().post("/login", Map.of("user", "nils", "password", "correct horse nils", "next", next));
            assertThat(response.headers().firstValue("Location")).as(next).contains("/");
        }
        assertThat(fresh().post(
                                "/login",
                                Map.of("user", "nils", "password", "correct horse nils", "next", "/runs?database=shop"))
                        .headers()
                        .firstValue("Location"))
                .contains("/runs?database=shop");
    }

    @Test
    void another_name_of_this_machine_is_not_ours() {
        HttpResponse<String> response = RawHttp.ask(scene.address(), """
                GET /login HTTP/1.1
                Host: evil.example
                Connection: close

                """);

        assertThat(response.statusCode()).isEqualTo(403);
    }
}
