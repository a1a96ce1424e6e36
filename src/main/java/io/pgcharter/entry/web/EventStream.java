package io.pgcharter.entry.web;

import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/// Server-sent events (WHATWG HTML, section 9.2) to one client.
final class EventStream {
    private final OutputStream out;
    private final CountDownLatch over;

    /// @param over is down when the server stops
    EventStream(OutputStream out, CountDownLatch over) {
        this.out = out;
        this.over = over;
    }

    /// @param data any text; each of its lines becomes one of the event's
    /// @throws UncheckedIOException if the client has gone
    void send(String event, String data) {
        StringBuilder text = new StringBuilder("event: ").append(event).append('\n');
        data.lines().forEach(line -> text.append("data: ").append(line).append('\n'));
        write(text.append('\n').toString());
    }

    /// Something that no client sees, so that a dead connection is noticed, and kept by proxies.
    void sendSign() {
        write(": \n\n");
    }

    private void write(String text) {
        try {
            out.write(text.getBytes(StandardCharsets.UTF_8));
            out.flush();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /// Waits.
    ///
    /// @return whether to go on; false when the server stops
    boolean pause(Duration time) {
        try {
            return !over.await(time.toMillis(), TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }
}
