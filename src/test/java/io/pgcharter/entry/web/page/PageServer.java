package io.pgcharter.entry.web.page;

import io.javalin.Javalin;
import io.javalin.http.Context;
import io.javalin.http.HandlerType;
import io.pgcharter.entry.web.page.Frame.Theme;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/// Serves pages as the program does, with the same policy, but of a fleet that does not exist.
final class PageServer implements AutoCloseable {
    /// Those who began to watch a run: what each is sent, as `event` and data; `ended` is the last.
    final BlockingQueue<BlockingQueue<List<String>>> watchers = new LinkedBlockingQueue<>();

    private final Map<String, Page> pages;
    private final Frame frame;
    private final Assets assets = new Assets();
    private final Pages drawn = new Pages(assets);
    private final Javalin server;

    /// @param pages by path
    PageServer(Map<String, Page> pages, Frame frame) {
        this.pages = pages;
        this.frame = frame;
        server = Javalin.create(config -> {
                    config.startup.showJavalinBanner = false;
                    config.startup.showOldJavalinVersionWarning = false;
                    config.routes.addHttpHandler(HandlerType.GET, "/", this::answer);
                    config.routes.addHttpHandler(HandlerType.GET, "/<path>", this::answer);
                })
                .start("127.0.0.1", 0);
    }

    String address(String path) {
        return "http://127.0.0.1:" + server.port() + path;
    }

    String live(RunPage page) {
        return drawn.live(frame, page);
    }

    private void answer(Context context) {
        String path = context.path();
        context.header("Content-Security-Policy", Pages.CONTENT_SECURITY_POLICY);
        Optional<Assets.Asset> asset = assets.find(path);
        if (asset.isPresent()) {
            context.header("Cache-Control", Assets.CACHE_CONTROL);
            context.contentType(asset.get().type()).result(asset.get().content());
        } else if (path.endsWith("/events")) {
            stream(context);
        } else if (path.startsWith("/metrics/")) {
            context.contentType("application/json").result(metric(path));
        } else {
            context.contentType("text/html; charset=utf-8").result(page(context, Optional.ofNullable(pages.get(path))));
        }
    }

    private String page(Context context, Optional<Page> page) {
        Theme theme = Theme.of(Optional.ofNullable(context.cookie("theme")).orElse(""));
        context.status(page.isPresent() ? 200 : 404);
        Page shown = page.orElseGet(() -> new ErrorPage(
                404, Optional.empty(), "there is no such page", "it was never there", "begin at the overview"));
        boolean outside = shown instanceof LoginPage || shown instanceof WelcomePage;
        return drawn.render(
                outside
                        ? Frame.outside(frame.csrf(), frame.now(), theme)
                        : new Frame(frame.visitor(), frame.csrf(), frame.now(), theme, frame.pending()),
                shown);
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

    private void stream(Context context) {
        BlockingQueue<List<String>> events = new LinkedBlockingQueue<>();
        watchers.add(events);
        context.contentType("text/event-stream");
        try (OutputStream body = context.res().getOutputStream()) {
            List<String> event;
            do {
                event = events.take();
                body.write("event: %s\ndata: %s\n\n"
                        .formatted(event.get(0), event.get(1))
                        .getBytes(StandardCharsets.UTF_8));
                body.flush();
            } while (!event.getFirst().equals("ended"));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    @Override
    public void close() {
        server.stop();
    }
}
