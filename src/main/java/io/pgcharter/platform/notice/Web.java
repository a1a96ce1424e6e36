package io.pgcharter.platform.notice;

import io.pgcharter.model.secret.Secret;
import java.io.IOException;
import java.net.ConnectException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpConnectTimeoutException;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpTimeoutException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import javax.net.ssl.SSLException;
import tools.jackson.databind.json.JsonMapper;

/// Requests over HTTP. Certificates are verified, redirects are not followed: what is signed or secret goes nowhere but
/// where the charter says. Thread-safe.
final class Web {
    private static final Duration CONNECTING_MAX = Duration.ofSeconds(10);
    private static final Duration ANSWER_MAX = Duration.ofSeconds(20);
    private static final JsonMapper JSON = JsonMapper.builder().build();

    private final Map<Optional<String>, HttpClient> clients = new ConcurrentHashMap<>();

    /// @param text JSON @param headers beside the content's type
    record Body(String text, Map<String, String> headers) {
        Body with(String header, String value) {
            Map<String, String> more = new LinkedHashMap<>(headers);
            more.put(header, value);
            return new Body(text, more);
        }
    }

    static Body json(Object document) {
        return new Body(JSON.writeValueAsString(document), Map.of());
    }

    void post(Secret url, Optional<String> authorities, Body body) throws Undelivered {
        HttpRequest.Builder request = HttpRequest.newBuilder(address(url))
                .header("Content-Type", "application/json; charset=utf-8")
                .POST(HttpRequest.BodyPublishers.ofString(body.text(), StandardCharsets.UTF_8));
        body.headers().forEach(request::header);
        send(request, authorities);
    }

    void get(Secret url, Optional<String> authorities) throws Undelivered {
        send(HttpRequest.newBuilder(address(url)).GET(), authorities);
    }

    private void send(HttpRequest.Builder builder, Optional<String> authorities) throws Undelivered {
        HttpRequest request =
                builder.timeout(ANSWER_MAX).header("User-Agent", "pgcharter").build();
        String host = request.uri().getHost();
        try {
            HttpResponse<Void> answer = client(authorities).send(request, HttpResponse.BodyHandlers.discarding());
            int status = answer.statusCode();
            if (status >= 300 && status < 400) {
                throw new Undelivered(host + " answered " + status + ": redirects are not followed");
            }
            if (status < 200 || status >= 300) {
                throw new Undelivered(host + " answered " + status);
            }
        } catch (HttpConnectTimeoutException e) {
            throw new Undelivered(host + " cannot be reached within " + CONNECTING_MAX.toSeconds() + " s");
        } catch (HttpTimeoutException e) {
            throw new Undelivered(host + " did not answer within " + ANSWER_MAX.toSeconds() + " s");
        } catch (ConnectException e) {
            throw new Undelivered(host + " refuses connections, or its name is unknown");
        } catch (SSLException e) {
            throw new Undelivered("the certificate of " + host + " does not hold, or it speaks no TLS");
        } catch (IOException e) {
            throw new Undelivered(
                    "the connection to " + host + " broke: " + e.getClass().getSimpleName());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new Undelivered("it was stopped");
        }
    }

    private HttpClient client(Optional<String> authorities) throws Undelivered {
        HttpClient known = clients.get(authorities);
        if (known != null) {
            return known;
        }
        HttpClient made = HttpClient.newBuilder()
                .version(HttpClient.Version.HTTP_1_1)
                .connectTimeout(CONNECTING_MAX)
                .followRedirects(HttpClient.Redirect.NEVER)
                .sslContext(Trust.context(authorities))
                .build();
        HttpClient raced = clients.putIfAbsent(authorities, made);
        return raced == null ? made : raced;
    }

    /// What a parser complains of would show the address, so its exception is not kept.
    private static URI address(Secret url) throws Undelivered {
        URI uri;
        try {
            uri = URI.create(url.reveal().strip());
        } catch (IllegalArgumentException _) {
            throw new Undelivered("its address is not one");
        }
        boolean isWeb = "https".equals(uri.getScheme()) || "http".equals(uri.getScheme());
        if (!isWeb || uri.getHost() == null) {
            throw new Undelivered("its address does not begin with https://host or http://host");
        }
        return uri;
    }
}
