package io.pgcharter;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import org.jsoup.Jsoup;
import org.jsoup.nodes.Element;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// A browser without a screen, or a program with a token. Keeps cookies; follows nothing by itself.
final class WebClient {
    private final URI address;
    private final HttpClient client = HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .connectTimeout(Duration.ofSeconds(20))
            .build();
    private final Map<String, String> cookies = new HashMap<>();
    private final Map<String, String> headers = new HashMap<>();

    WebClient(URI address) {
        this.address = address;
    }

    WebClient bearing(String token) {
        headers.put("Authorization", "Bearer " + token);
        return this;
    }

    /// What every request says from now on.
    WebClient header(String name, String value) {
        headers.put(name, value);
        return this;
    }

    Map<String, String> cookies() {
        return cookies;
    }

    String origin() {
        return address.toString();
    }

    HttpResponse<String> get(String path) {
        return send(request(path).GET());
    }

    JsonNode json(String path) {
        return tree(get(path));
    }

    static JsonNode tree(HttpResponse<String> response) {
        return JsonMapper.builder().build().readTree(response.body());
    }

    HttpResponse<String> postJson(String path, String body) {
        return send(request(path)
                .header("Content-Type", "application/json")
                .POST(HttpRequest.BodyPublishers.ofString(body)));
    }

    /// A form as a browser sends it from a page of ours, with what that page would hold in `csrf`.
    HttpResponse<String> post(String path, Map<String, String> fields) {
        Map<String, String> all = new HashMap<>(fields);
        if (!all.containsKey("csrf")) {
            csrf().ifPresent(token -> all.put("csrf", token));
        }
        return postAs(origin(), path, all);
    }

    /// A form that a page of `origin` makes a browser send.
    HttpResponse<String> postAs(String origin, String path, Map<String, String> fields) {
        String body = fields.entrySet().stream()
                .map(field -> encoded(field.getKey()) + "=" + encoded(field.getValue()))
                .collect(Collectors.joining("&"));
        return send(request(path)
                .header("Content-Type", "application/x-www-form-urlencoded")
                .header("Origin", origin)
                .header("Sec-Fetch-Site", origin.equals(origin()) ? "same-origin" : "cross-site")
                .POST(HttpRequest.BodyPublishers.ofString(body)));
    }

    /// What the forms of this login send back; empty where nobody is logged in.
    Optional<String> csrf() {
        if (cookies.isEmpty()) {
            return Optional.empty();
        }
        Element field = Jsoup.parse(get("/account").body()).selectFirst("input[name=csrf]");
        return Optional.ofNullable(field).map(input -> input.attr("value")).filter(text -> !text.isEmpty());
    }

    HttpResponse<String> setPassword(String link, String password) {
        String token = link.substring(link.indexOf("/first/") + "/first/".length());
        return post("/welcome", Map.of("token", token, "password", password, "again", password));
    }

    HttpResponse<String> logIn(String user, String password) {
        return post("/login", Map.of("user", user, "password", password, "next", "/"));
    }

    HttpRequest.Builder request(String path) {
        HttpRequest.Builder request =
                HttpRequest.newBuilder(address.resolve(path)).timeout(Duration.ofSeconds(60));
        headers.forEach(request::header);
        if (!cookies.isEmpty()) {
            request.header(
                    "Cookie",
                    cookies.entrySet().stream()
                            .map(cookie -> cookie.getKey() + "=" + cookie.getValue())
                            .collect(Collectors.joining("; ")));
        }
        return request;
    }

    HttpResponse<String> send(HttpRequest.Builder request) {
        try {
            HttpResponse<String> response = client.send(request.build(), HttpResponse.BodyHandlers.ofString());
            response.headers().allValues("Set-Cookie").forEach(this::keep);
            return response;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    private void keep(String cookie) {
        String pair = cookie.substring(0, cookie.indexOf(';'));
        String name = pair.substring(0, pair.indexOf('='));
        String value = pair.substring(pair.indexOf('=') + 1);
        if (value.isEmpty()) {
            cookies.remove(name);
        } else {
            cookies.put(name, value);
        }
    }

    private static String encoded(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8);
    }
}
