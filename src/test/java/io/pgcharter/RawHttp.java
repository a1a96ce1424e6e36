package io.pgcharter;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpHeaders;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import javax.net.ssl.SSLSession;

/// Requests that no decent client sends, byte by byte.
final class RawHttp {
    private static final int TIME_MAX_MILLIS = 45_000;

    private RawHttp() {}

    /// @param request its lines; their ends become what HTTP wants
    static HttpResponse<String> ask(URI address, String request) {
        return ask(address, request.replace("\n", "\r\n").getBytes(StandardCharsets.ISO_8859_1));
    }

    /// Sends the bytes and reads until the server closes.
    static HttpResponse<String> ask(URI address, byte[] request) {
        try (Socket socket = new Socket(address.getHost(), address.getPort())) {
            socket.setSoTimeout(TIME_MAX_MILLIS);
            socket.getOutputStream().write(request);
            socket.getOutputStream().flush();
            return parsed(new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static HttpResponse<String> parsed(String text) {
        int blank = text.indexOf("\r\n\r\n");
        if (blank < 0) {
            return new Answered(0, Map.of(), text);
        }
        List<String> lines = Arrays.asList(text.substring(0, blank).split("\r\n", -1));
        Map<String, List<String>> headers = lines.stream()
                .skip(1)
                .collect(Collectors.groupingBy(
                        line -> line.substring(0, line.indexOf(':')),
                        Collectors.mapping(
                                line -> line.substring(line.indexOf(':') + 1).strip(), Collectors.toList())));
        return new Answered(Integer.parseInt(lines.getFirst().split(" ", -1)[1]), headers, text.substring(blank + 4));
    }

    private record Answered(int statusCode, Map<String, List<String>> fields, String body)
            implements HttpResponse<String> {
        @Override
        public HttpHeaders headers() {
            return HttpHeaders.of(fields, (_, _) -> true);
        }

        @Override
        public HttpRequest request() {
            throw new UnsupportedOperationException();
        }

        @Override
        public Optional<HttpResponse<String>> previousResponse() {
            return Optional.empty();
        }

        @Override
        public Optional<SSLSession> sslSession() {
            return Optional.empty();
        }

        @Override
        public URI uri() {
            throw new UnsupportedOperationException();
        }

        @Override
        public HttpClient.Version version() {
            return HttpClient.Version.HTTP_1_1;
        }
    }
}
