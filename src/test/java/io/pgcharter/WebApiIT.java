package io.pgcharter;

import static org.assertj.core.api.Assertions.assertThat;

import io.pgcharter.model.operation.Operation;
import io.pgcharter.model.operation.Role;
import io.pgcharter.model.secret.Secret;
import io.pgcharter.platform.postgres.PostgresUrl;
import io.pgcharter.platform.postgres.Session;
import java.io.IOException;
import java.io.InputStream;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.SerializationFeature;
import tools.jackson.databind.json.JsonMapper;

/// What programs ask for, what comes back, and what is not understood.
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class WebApiIT {
    private final WebScene scene = new WebScene();
    private WebClient viewer;
    private WebClient operator;
    private WebClient approver;
    private WebClient admin;

    @BeforeAll
    void make() {
        viewer = scene.with("vera", Role.VIEWER);
        operator = scene.with("olaf", Role.OPERATOR);
        approver = scene.with("paula", Role.APPROVER);
        admin = scene.with("anna", Role.ADMIN);
        scene.done(new Operation.RepositoryInit(Scene.VAULT));
        shop("create table customer (id int primary key, name text); insert into customer values (1, 'Ada')");
    }

    @AfterAll
    void close() {
        scene.close();
    }

    private void shop(String sql) {
        try (Session session = session()) {
            session.execute(sql);
        }
    }

    private Session session() {
        return Session.open(PostgresUrl.parse(new Secret(scene.variables.getOrDefault("SHOP_URL", ""))), "test");
    }

    private static String backup() {
        return "{\"database\":\"shop\",\"repositories\":[\"vault\"]}";
    }

    @Test
    void an_operation_is_answered_as_json_prints_it_and_stands_in_the_journal_with_the_persons_name() {
        HttpResponse<String> response = operator.postJson("/api/v1/operations/backup?wait=30", backup());

        assertThat(response.statusCode()).as(response.body()).isEqualTo(200);
        JsonNode outcome = WebClient.tree(response);
        assertThat(outcome.path("outcome").stringValue()).isEqualTo("done");
        assertThat(outcome.path("report").path("tableCount").asInt()).isPositive();
        String run = outcome.path("run").stringValue();
        JsonNode row = operator.json("/api/v1/runs/" + run);
        assertThat(row.path("person").stringValue()).isEqualTo("olaf");
        assertThat(row.path("outcome").stringValue()).isEqualTo("done");
        assertThat(row.path("ending").path("report").path("backup").stringValue())
                .isEqualTo(outcome.path("report").path("backup").stringValue());
        assertThat(operator.json("/api/v1/journal?count=4").path("entries"))
                .allSatisfy(
                        entry -> assertThat(entry.path("person").stringValue()).isEqualTo("olaf"));
        assertThat(operator.json("/api/v1/runs?database=shop&count=1")
                        .path("runs")
                        .path(0)
                        .path("run")
                        .stringValue())
                .isEqualTo(run);
    }

    @Test
    void what_the_role_does_not_allow_the_guard_refuses_and_journals() {
        HttpResponse<String> response = viewer.postJson("/api/v1/operations/backup", backup());

        assertThat(response.statusCode()).isEqualTo(403);
        JsonNode outcome = WebClient.tree(response);
        assertThat(outcome.path("outcome").stringValue()).isEqualTo("refused");
        assertThat(outcome.path("reasons").path(0).path("rule").stringValue()).isEqualTo("role");
        assertThat(viewer.json("/api/v1/journal?count=1")
                        .path("entries")
                        .path(0)
                        .path("detail")
                        .stringValue())
                .contains("denied", "vera");
    }

    @Test
    void what_waits_for_approval_is_agreed_to_by_somebody_else_and_then_happens() {
        String copy = "{\"source\":\"shop\",\"target\":\"trial\",\"replace\":false}";
        HttpResponse<String> asked = operator.postJson("/api/v1/operations/copy", copy);
        assertThat(asked.statusCode()).as(asked.body()).isEqualTo(409);
        String request = WebClient.tree(asked).path("request").stringValue();

        JsonNode inbox = StreamSupport.stream(
                        approver.json("/api/v1/approvals").path("approvals").spliterator(), false)
                .filter(open -> open.path("request").stringValue().equals(request))
                .findFirst()
                .orElseThrow();
        assertThat(inbox.path("asker").stringValue()).isEqualTo("olaf");
        assertThat(inbox.path("text").stringValue()).isEqualTo("copy of shop into trial");

        // olaf is an owner by the charter, and asked himself; anna's role would do, but the charter does not name her.
        assertThat(operator.postJson("/api/v1/approvals/" + request + "/approve", "")
                        .statusCode())
                .isEqualTo(403);
        assertThat(admin.postJson("/api/v1/approvals/" + request + "/approve", "")
                        .statusCode())
                .isEqualTo(403);
        HttpResponse<String> agreed = approver.postJson("/api/v1/approvals/" + request + "/approve", "");
        assertThat(agreed.statusCode()).as(agreed.body()).isEqualTo(200);

        HttpResponse<String> done = operator.postJson("/api/v1/operations/copy?wait=30", copy);
        assertThat(done.statusCode()).as(done.body()).isEqualTo(200);
        assertThat(approver.get("/api/v1/approvals").body()).doesNotContain(request);
    }

    @Test
    void the_asker_cannot_agree_even_as_an_approver() {
        WebClient both = scene.with("olaf", Role.ADMIN);
        String copy = "{\"source\":\"shop\",\"target\":\"trial\",\"replace\":true}";
        String request = WebClient.tree(both.postJson("/api/v1/operations/copy?confirm=trial", copy))
                .path("request")
                .stringValue();

        HttpResponse<String> agreed = both.postJson("/api/v1/approvals/" + request + "/approve", "");

        assertThat(agreed.statusCode()).as(agreed.body()).isEqualTo(403);
        assertThat(WebClient.tree(agreed).path("outcome").stringValue()).isEqualTo("refused");
        scene.added("olaf", Role.OPERATOR);
    }

    @Test
    void what_takes_long_is_answered_at_once_watched_as_it_goes_on_and_cancelled() throws Exception {
        shop("""
                create function slow(int) returns boolean language sql as 'select true';
                create table slow (id int check (public.slow(id)));
                insert into slow select generate_series(1, 600);
                create or replace function slow(int) returns boolean language plpgsql as
                  $$ begin perform pg_sleep(0.5); return true; end $$""");
        try {
            HttpResponse<String> begun = operator.postJson(
                    "/api/v1/operations/copy", "{\"source\":\"shop\",\"target\":\"copy\",\"replace\":false}");
            assertThat(begun.statusCode()).as(begun.body()).isEqualTo(202);
            String run = WebClient.tree(begun).path("run").stringValue();
            assertThat(WebClient.tree(begun).path("outcome").stringValue()).isEqualTo("running");

            HttpResponse<Stream<String>> events = HttpClient.newHttpClient()
                    .send(
                            viewer.request("/api/v1/runs/" + run + "/events").build(),
                            HttpResponse.BodyHandlers.ofLines());
            assertThat(events.headers().firstValue("Content-Type")).contains("text/event-stream");
            CompletableFuture<List<String>> seen =
                    CompletableFuture.supplyAsync(() -> events.body().toList());
            Wait.until(
                    "the run shows a step",
                    () -> !viewer.json("/api/v1/runs/" + run).path("steps").isEmpty());

            assertThat(viewer.postJson("/api/v1/runs/" + run + "/cancel", "").statusCode())
                    .isEqualTo(403);
            assertThat(operator.postJson("/api/v1/runs/" + run + "/cancel", "").statusCode())
                    .isEqualTo(200);

            List<String> lines = seen.get();
            assertThat(lines).contains("event: run", "event: ended", "data: failed");
            assertThat(viewer.json("/api/v1/runs/" + run)
                            .path("ending")
                            .path("problem")
                            .path("code")
                            .stringValue())
                    .isEqualTo("CANCELLED");
        } finally {
            shop("drop table slow; drop function slow(int)");
        }
    }

    @Test
    void explaining_submits_nothing() {
        String before = scene.ask("select max(sequence) from pgcharter.journal");

        JsonNode document = WebClient.tree(viewer.postJson("/api/v1/explain/backup", backup()));

        assertThat(document.path("decision").stringValue()).isEqualTo("denied");
        assertThat(document.path("operation").stringValue()).isEqualTo("backup of shop into vault");
        assertThat(scene.ask("select max(sequence) from pgcharter.journal")).isEqualTo(before);
    }

    @Test
    void the_charter_and_its_databases_are_told_without_addresses_and_secrets() {
        JsonNode charter = viewer.json("/api/v1/charter");
        JsonNode databases = viewer.json("/api/v1/databases").path("databases");

        assertThat(charter.path("databases")).hasSize(3);
        assertThat(charter.path("flows").path(1).path("approvals").asInt()).isEqualTo(1);
        assertThat(charter.toString()).doesNotContain("postgres://", "env:", "VAULT");
        assertThat(databases.path(0).path("name").stringValue()).isEqualTo("shop");
        assertThat(databases.path(0).path("backupTo").path(0).stringValue()).isEqualTo("vault");
        assertThat(viewer.json("/api/v1/databases/shop").path("environment").stringValue())
                .isEqualTo("production");
        assertThat(viewer.get("/api/v1/databases/nothing").statusCode()).isEqualTo(404);
    }

    @Test
    void a_user_made_over_the_api_gets_a_link_that_only_the_answer_holds() {
        HttpResponse<String> made =
                admin.postJson("/api/v1/operations/users-add?wait=30", "{\"user\":\"newman\",\"role\":\"VIEWER\"}");
        assertThat(made.statusCode()).as(made.body()).isEqualTo(200);
        String link = WebClient.tree(made).path("report").path("link").stringValue();
        assertThat(link).contains("/first/");

        String run = WebClient.tree(made).path("run").stringValue();

        assertThat(viewer.get("/api/v1/runs/" + run).body())
                .doesNotContain(link.substring(link.indexOf("/first/") + 7))
                .contains("***");
        assertThat(admin.get("/api/v1/users").body()).contains("newman");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '~',
            value = {
                "backup | {\"database\":\"shop\",\"repositories\":[\"vault\"],\"force\":true} | backup takes an object",
                "backup | {\"database\":\"shop\"} | backup takes an object",
                "backup | {\"repositories\":[\"vault\"]} | 'database' is missing",
                "backup | {\"database\":\"shop\",\"repositories\":[]} | backup takes an object",
                "backup | {\"database\":\"<script>\",\"repositories\":[\"vault\"]} | backup takes an object",
                "backup | {\"database\":\"shop\",\"database\":\"copy\",\"repositories\":[\"vault\"]} | backup takes",
                "backup | [] | backup takes an object",
                "backup | null | backup",
                "backup | {\"database\":\"shop\",\"repositories\":[\"vault\"]} {} | backup takes an object",
                "backup | {\"database\" | backup takes an object",
                "copy | {\"source\":\"shop\",\"target\":\"copy\"} | copy takes an object",
                "cancel | {\"run\":\"../../etc\"} | cancel takes an object",
                "restore | {\"backup\":\"latest\"} | restore takes an object",
                "users-add | {\"user\":\"x\",\"role\":\"GOD\"} | users-add takes an object"
            })
    void what_is_no_operation_is_refused_by_one_clear_problem(String verb, String body, String cause) {
        String before = scene.ask("select max(sequence) from pgcharter.journal");

        HttpResponse<String> response = admin.postJson("/api/v1/operations/" + verb, body);

        assertThat(response.statusCode()).as(response.body()).isEqualTo(400);
        JsonNode problem = WebClient.tree(response).path("problem");
        assertThat(problem.path("code").stringValue()).isEqualTo("REQUEST_INVALID");
        assertThat(problem.path("fact").stringValue() + problem.path("cause").stringValue())
                .contains(cause)
                .doesNotContain("<script>", "io.pgcharter", "Exception");
        assertThat(scene.ask("select max(sequence) from pgcharter.journal")).isEqualTo(before);
    }

    @Test
    void the_standing_operations_are_nobodys_to_ask_for() {
        assertThat(admin.postJson("/api/v1/operations/watch", "{}").statusCode())
                .isEqualTo(404);
        assertThat(admin.postJson("/api/v1/operations/alert", "{}").statusCode())
                .isEqualTo(404);
        assertThat(admin.postJson("/api/v1/operations/Backup", "{}").statusCode())
                .isEqualTo(404);
    }

    @Test
    void what_is_not_served_says_so_in_json() {
        assertThat(code(admin.get("/api/v1/nothing"), 404)).isEqualTo("NOT_FOUND");
        assertThat(code(admin.postJson("/api/v1/runs", "{}"), 405)).isEqualTo("REQUEST_INVALID");
        assertThat(code(admin.send(admin.request("/api/v1/runs").DELETE()), 405))
                .isEqualTo("REQUEST_INVALID");
        assertThat(code(admin.get("/api/v1/runs?count=many"), 400)).isEqualTo("REQUEST_INVALID");
        assertThat(code(admin.get("/api/v1/runs?count=0"), 400)).isEqualTo("REQUEST_INVALID");
        assertThat(code(admin.get("/api/v1/runs/..%2f..%2fetc"), 404)).isEqualTo("NOT_FOUND");
        assertThat(code(
                        admin.send(admin.request("/api/v1/operations/backup")
                                .header("Content-Type", "text/plain")
                                .POST(HttpRequest.BodyPublishers.ofString(backup()))),
                        415))
                .isEqualTo("REQUEST_INVALID");
        assertThat(code(admin.postJson("/api/v1/operations/backup?as=No%20Name", backup()), 400))
                .isEqualTo("REQUEST_INVALID");
    }

    private static String code(HttpResponse<String> response, int status) {
        assertThat(response.statusCode()).as(response.body()).isEqualTo(status);
        assertThat(response.headers().firstValue("Content-Type").orElse("")).startsWith("application/json");
        JsonNode problem = WebClient.tree(response).path("problem");
        assertThat(problem.path("fact").stringValue()).isNotBlank();
        assertThat(problem.path("remedy").stringValue()).isNotBlank();
        return problem.path("code").stringValue();
    }

    @Test
    void a_giant_body_is_not_read() {
        // It asks before it sends: an answer that comes while one still sends may be lost with the connection.
        HttpResponse<String> response = admin.send(admin.request("/api/v1/operations/backup")
                .header("Content-Type", "application/json")
                .expectContinue(true)
                .POST(HttpRequest.BodyPublishers.ofString("{\"database\":\"" + "x".repeat(5_000_000) + "\"}")));

        assertThat(response.statusCode()).isEqualTo(413);
        assertThat(response.body()).contains("REQUEST_INVALID");
    }

    @Test
    void what_is_no_http_is_answered_by_one_problem_and_repeats_nothing() {
        for (String request : List.of(
                "GET / HTTP/9.9\nHost: 127.0.0.1\n\n",
                "<script>alert(1)</script>\n\n",
                "GET /%zz HTTP/1.1\nHost: 127.0.0.1\nConnection: close\n\n",
                "GET / HTTP/1.1\nHost: 127.0.0.1\nContent-Length: -5\nConnection: close\n\n",
                "GET / HTTP/1.1\nHost: 127.0.0.1\nContent-Length: 5\nContent-Length: 6\nConnection: close\n\n",
                "POST / HTTP/1.1\nHost: 127.0.0.1\nTransfer-Encoding: chunked\nContent-Length: 3\nConnection: close\n\nabc",
                "GET / HTTP/1.1\nHost: 127.0.0.1\nX: " + "x".repeat(40_000) + "\nConnection: close\n\n")) {
            HttpResponse<String> response = RawHttp.ask(scene.address(), request);

            String said = request.substring(0, Math.min(40, request.length())) + " → " + response.statusCode() + " "
                    + response.body();
            assertThat(response.statusCode()).as(said).isBetween(400, 505).isNotEqualTo(500);
            assertThat(response.body())
                    .as(said)
                    .contains("REQUEST_INVALID")
                    .doesNotContain("script>alert", "jetty", "Jetty", "Exception");
        }
        assertThat(viewer.get("/healthz").statusCode()).isEqualTo(200);
    }

    @Test
    void clients_that_send_nothing_keep_nobody_else_out() throws IOException {
        List<Socket> silent = new ArrayList<>();
        try {
            for (int each = 0; each < 200; each++) {
                Socket socket =
                        new Socket(scene.address().getHost(), scene.address().getPort());
                socket.getOutputStream().write("POST /login HTTP/1.1\r\nHost: ".getBytes(StandardCharsets.UTF_8));
                silent.add(socket);
            }
            for (int each = 0; each < 50; each++) {
                Socket socket =
                        new Socket(scene.address().getHost(), scene.address().getPort());
                socket.getOutputStream()
                        .write(("POST /login HTTP/1.1\r\nHost: 127.0.0.1\r\nOrigin: " + viewer.origin()
                                        + "\r\nContent-Length: 1000\r\n\r\nuser=")
                                .getBytes(StandardCharsets.UTF_8));
                silent.add(socket);
            }

            assertThat(viewer.get("/api/v1/runs").statusCode()).isEqualTo(200);
        } finally {
            for (Socket socket : silent) {
                socket.close();
            }
        }
    }

    @Test
    void who_asks_too_often_is_told_to_wait_and_nobody_else_is() {
        WebClient greedy = scene.with("greedy", Role.VIEWER);
        HttpClient client = HttpClient.newHttpClient();
        List<HttpResponse<String>> answers = new ArrayList<>();
        // More than the 1,000 at once, faster than 100 a second.
        while (answers.stream().noneMatch(answer -> answer.statusCode() == 429) && answers.size() < 10_000) {
            List<CompletableFuture<HttpResponse<String>>> batch = IntStream.range(0, 500)
                    .mapToObj(_ -> client.sendAsync(
                            greedy.request("/api/v1/me").build(), HttpResponse.BodyHandlers.ofString()))
                    .toList();
            batch.forEach(answer -> answers.add(answer.join()));
        }

        assertThat(answers.stream().filter(answer -> answer.statusCode() == 200).count())
                .isGreaterThanOrEqualTo(1000);
        HttpResponse<String> refused = answers.stream()
                .filter(answer -> answer.statusCode() == 429)
                .findFirst()
                .orElseThrow();
        assertThat(code(refused, 429)).isEqualTo("TOO_MANY_REQUESTS");
        assertThat(refused.headers().firstValue("Retry-After")).isPresent();
        assertThat(viewer.get("/api/v1/me").statusCode()).isEqualTo(200);
        Wait.until(
                "who has waited is served again", () -> greedy.get("/api/v1/me").statusCode() == 200);
    }

    @Test
    @Tag("soak")
    @Timeout(90)
    void who_sends_a_body_byte_by_byte_is_cut_off_after_twenty_seconds() throws IOException {
        try (Socket socket =
                new Socket(scene.address().getHost(), scene.address().getPort())) {
            socket.setSoTimeout(500);
            long begun = System.nanoTime();
            socket.getOutputStream()
                    .write(("POST /login HTTP/1.1\r\nHost: 127.0.0.1:"
                                    + scene.address().getPort() + "\r\nOrigin: "
                                    + viewer.origin()
                                    + "\r\nContent-Type: application/x-www-form-urlencoded\r\nContent-Length: 1000\r\n\r\n")
                            .getBytes(StandardCharsets.UTF_8));
            String answer = "";
            while (answer.isEmpty()) {
                assertThat(Duration.ofNanos(System.nanoTime() - begun)).isLessThan(Duration.ofMinutes(1));
                socket.getOutputStream().write('a');
                answer = answered(socket);
            }

            assertThat(answer).contains(" 408 ");
            assertThat(Duration.ofNanos(System.nanoTime() - begun))
                    .isBetween(Duration.ofSeconds(19), Duration.ofSeconds(40));
        }
        assertThat(viewer.get("/healthz").statusCode()).isEqualTo(200);
    }

    /// What came within half a second.
    private static String answered(Socket socket) throws IOException {
        try {
            byte[] bytes = new byte[1000];
            int count = socket.getInputStream().read(bytes);
            return count < 0 ? "closed" : new String(bytes, 0, count, StandardCharsets.UTF_8);
        } catch (SocketTimeoutException _) {
            return "";
        }
    }

    @Test
    void five_hundred_readers_at_once_are_all_served() {
        HttpClient client = HttpClient.newHttpClient();
        List<CompletableFuture<HttpResponse<String>>> answers = IntStream.range(0, 500)
                .mapToObj(_ -> client.sendAsync(
                        viewer.request("/api/v1/databases").build(), HttpResponse.BodyHandlers.ofString()))
                .toList();

        assertThat(answers)
                .allSatisfy(answer -> assertThat(answer.join().statusCode()).isEqualTo(200));
    }

    @Test
    void without_the_control_database_it_lives_but_is_not_ready() throws IOException {
        try (WebScene other = new WebScene()) {
            assertThat(new WebClient(other.address()).get("/readyz").statusCode())
                    .isEqualTo(200);
            WebClient client = other.with("vera", Role.VIEWER);

            other.state("alter table pgcharter.run rename to gone");

            assertThat(new WebClient(other.address()).get("/healthz").statusCode())
                    .isEqualTo(200);
            HttpResponse<String> ready = new WebClient(other.address()).get("/readyz");
            assertThat(code(ready, 503)).isEqualTo("STATE_UNAVAILABLE");
            assertThat(ready.body()).doesNotContain("relation", "SELECT");
            assertThat(client.get("/").statusCode()).isEqualTo(503);

            other.state("alter table pgcharter.gone rename to run");
            assertThat(new WebClient(other.address()).get("/readyz").statusCode())
                    .isEqualTo(200);
        }
    }

    @Test
    void a_second_server_on_the_same_address_says_who_to_look_for() throws IOException {
        int port = scene.address().getPort();

        assertThat(org.assertj.core.api.Assertions.catchThrowable(
                        () -> new WebScene("web: { listen: \"127.0.0.1:" + port + "\" }\n").close()))
                .hasMessageContaining("LISTEN_FAILED")
                .hasMessageContaining("127.0.0.1:" + port);
    }

    @Test
    void the_list_of_the_api_in_the_manual_is_the_one_that_is_served() throws IOException {
        Path file = Path.of("docs/openapi.json");
        JsonMapper sorted = JsonMapper.builder()
                .enable(SerializationFeature.INDENT_OUTPUT)
                .enable(SerializationFeature.ORDER_MAP_ENTRIES_BY_KEYS)
                .build();
        String served = admin.get("/api/v1/openapi.json").body();
        String text = sorted.writeValueAsString(sorted.readValue(served, TreeMap.class)) + "\n";
        if (System.getenv("MANUAL_WRITE") != null) {
            Files.writeString(file, text);
        }

        assertThat(Files.readString(file)).isEqualTo(text);
    }

    @Test
    void forms_of_the_dashboard_ask_for_operations_and_show_what_the_guard_says() {
        WebClient browser = scene.browser("bert", Role.OPERATOR);

        HttpResponse<String> asked = browser.post("/databases/shop/backup", Map.of());
        assertThat(asked.statusCode()).as(asked.body()).isEqualTo(303);
        String run = asked.headers().firstValue("Location").orElseThrow();
        Wait.until(
                "it is done",
                () -> browser.json("/api/v1" + run).path("outcome").asString("").equals("done"));
        assertThat(browser.get(run).body()).containsIgnoringCase("backup of shop");

        assertThat(browser.get("/").body()).contains("shop", "production");
        assertThat(browser.get("/databases/shop").statusCode()).isEqualTo(200);
        assertThat(browser.get("/runs").body()).containsIgnoringCase("backup of shop");
        assertThat(browser.get("/databases/copy").statusCode()).isEqualTo(200);
        assertThat(browser.get("/databases/nothing").statusCode()).isEqualTo(404);
        assertThat(browser.post("/databases/copy/backup", Map.of()).statusCode())
                .isEqualTo(400);

        WebClient weaker = scene.browser("vicky", Role.VIEWER);
        assertThat(weaker.post("/databases/shop/backup", Map.of()).statusCode()).isEqualTo(403);
    }

    @Test
    void names_that_would_break_a_page_stand_in_it_as_text() {
        String hostile = "<script>alert(1)</script>'\"&";
        scene.state("""
                insert into pgcharter.verdict (subject, "check", level, message, findings, since, at)
                values ('database/shop', 'bloat', 'WARN', '%s', '[{"key":"%s","level":"WARN","text":"%s","waived":null}]',
                        now(), now())""".formatted(
                        hostile.replace("'", "''"),
                        "<img src=x onerror=alert(1)>" + "x".repeat(63),
                        "</td><script>alert(2)</script>"));
        WebClient browser = scene.browser("mallory", Role.ADMIN);
        try {
            for (String page : List.of("/", "/databases/shop", "/alerts", "/runs")) {
                assertThat(browser.get(page).body())
                        .doesNotContain("<script>alert", "<img src=x")
                        .doesNotContain("onerror=alert(1)>x");
            }
            assertThat(browser.get("/databases/shop").body()).contains("&lt;script&gt;alert(1)");
        } finally {
            scene.state("delete from pgcharter.verdict");
        }
    }

    @Test
    void a_stream_ends_when_the_server_does() throws Exception {
        WebScene other = new WebScene();
        WebClient client = other.with("vera", Role.VIEWER);
        other.state("insert into pgcharter.run (id, verb, operation, person, node, process, process_started)"
                + " values ('0123456789ab', 'watch', '{\"operation\":\"Watch\"}', 'x', 'elsewhere', 1, now())");
        HttpResponse<InputStream> events = HttpClient.newHttpClient()
                .send(
                        client.request("/api/v1/runs/0123456789ab/events").build(),
                        HttpResponse.BodyHandlers.ofInputStream());
        assertThat(events.statusCode()).isEqualTo(200);
        CompletableFuture<Void> ended = CompletableFuture.runAsync(() -> {
            try {
                events.body().readAllBytes();
            } catch (IOException _) {
                // A connection that is cut is an end as well.
            }
        });

        other.close();

        ended.get(10, TimeUnit.SECONDS);
    }
}
