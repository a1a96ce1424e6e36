package io.pgcharter.entry.web.page;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.pgcharter.entry.web.page.Frame.Theme;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/// Serves pages as the program does, with the same policy, but of a fleet that does not exist.
final class PageServer implements AutoCloseable {
    private final HttpServer server;
    private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
    private final Map<String, Page> pages;
    private final Frame frame;
    private final Assets assets = new Assets();
    private final Pages drawn = new Pages(assets);
    /// What a watcher of a run is sent, as `event` and data; `ended` is the last.
    final BlockingQueue<List<String>> events = new LinkedBlockingQueue<>();

    /// @param pages by path
    PageServer(Map<String, Page> pages, Frame frame) {
        this.pages = pages;
        this.frame = frame;
        try {
            server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        server.setExecutor(threads);
        server.createContext("/", this::answer);
        server.start();
    }

    String address(String path) {
        return "http://127.0.0.1:" + server.getAddress().getPort() + path;
    }

    String live(RunPage page) {
        return drawn.live(frame, page);
    }

    private void answer(HttpExchange exchange) throws IOException {
        String path = exchange.getRequestURI().getPath();
        var asset = assets.find(path);
        if (asset.isPresent()) {
            exchange.getResponseHeaders().set("Cache-Control", Assets.CACHE_CONTROL);
            send(exchange, 200, asset.get().type(), asset.get().content());
        } else if (path.endsWith("/events")) {
            stream(exchange);
        } else if (path.startsWith("/metrics/")) {
            send(exchange, 200, "application/json", metric(path).getBytes(StandardCharsets.UTF_8));
        } else {
            Page page = pages.get(path);
            Theme theme = Theme.of(cookie(exchange));
            boolean outside = page instanceof LoginPage || page instanceof WelcomePage;
            Frame themed = outside
                    ? Frame.outside(frame.csrf(), frame.now(), theme)
                    : new Frame(frame.visitor(), frame.csrf(), frame.now(), theme, frame.pending());
            Page shown = page == null
                    ? new ErrorPage(
                            404,
                            java.util.Optional.empty(),
                            "there is no page '" + path + "'",
                            "it was never there",
                            "begin at the overview")
                    : page;
            send(
                    exchange,
                    page == null ? 404 : 200,
                    "text/html; charset=utf-8",
                    drawn.render(themed, shown).getBytes(StandardCharsets.UTF_8));
        }
    }

    private static String cookie(HttpExchange exchange) {
        return exchange.getRequestHeaders().getOrDefault("Cookie", List.of()).stream()
                .flatMap(header -> java.util.Arrays.stream(header.split("; ", -1)))
                .filter(cookie -> cookie.startsWith("theme="))
                .map(cookie -> cookie.substring("theme=".length()))
                .findFirst()
                .orElse("");
    }

    private static String metric(String path) {
        double height = path.contains("size") ? 4.1e11 : path.contains("transactions") ? 1840 : 62;
        List<Double> values = Fleet.wave(288, height, path.hashCode());
        String at = IntStream.range(0, 288)
                .mapToObj(number -> Long.toString(Fleet.NOW.getEpochSecond() - (287 - number) * 300L))
                .collect(Collectors.joining(","));
        return "{\"at\":[%s],\"series\":[{\"name\":\"%s\",\"values\":[%s]}%s]}"
                .formatted(
                        at,
                        path.contains("connections") ? "active" : "value",
                        values.stream()
                                .map(value -> String.format(Locale.ROOT, "%.3f", value))
                                .collect(Collectors.joining(",")),
                        path.contains("connections")
                                ? ",{\"name\":\"idle\",\"values\":[%s]}"
                                        .formatted(Fleet.wave(288, 30, 4).stream()
                                                .map(value -> String.format(Locale.ROOT, "%.1f", value))
                                                .collect(Collectors.joining(",")))
                                : "");
    }

    private void stream(HttpExchange exchange) throws IOException {
        exchange.getResponseHeaders().set("Content-Type", "text/event-stream");
        exchange.sendResponseHeaders(200, 0);
        try (OutputStream body = exchange.getResponseBody()) {
            List<String> event;
            do {
                event = events.take();
                body.write("event: %s\ndata: %s\n\n"
                        .formatted(event.get(0), event.get(1))
                        .getBytes(StandardCharsets.UTF_8));
                body.flush();
            } while (!event.getFirst().equals("ended"));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static void send(HttpExchange exchange, int status, String type, byte[] content) throws IOException {
        exchange.getResponseHeaders().set("Content-Type", type);
        exchange.getResponseHeaders().set("Content-Security-Policy", Pages.CONTENT_SECURITY_POLICY);
        exchange.getResponseHeaders().set("X-Content-Type-Options", "nosniff");
        exchange.sendResponseHeaders(status, content.length);
        try (OutputStream body = exchange.getResponseBody()) {
            body.write(content);
        }
    }

    @Override
    public void close() {
        server.stop(0);
        threads.shutdownNow();
    }
}
