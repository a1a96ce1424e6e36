package io.pgcharter.platform.notice;

import com.sun.net.httpserver.Headers;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;

/// A web server that takes notices, well or badly. Closing it refuses connections.
public final class HttpReceiver implements AutoCloseable {
    private final HttpServer server;
    private final List<Request> requests = new CopyOnWriteArrayList<>();
    private volatile int status = 200;
    private volatile Optional<String> location = Optional.empty();
    private volatile CountDownLatch gate = new CountDownLatch(0);

    public HttpReceiver() {
        this(0);
    }

    public HttpReceiver(int port) {
        try {
            server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), 0);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        server.createContext("/", this::take);
        server.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
        server.start();
    }

    public record Request(String path, Headers headers, String body) {
        public String header(String name) {
            return String.valueOf(headers.getFirst(name));
        }
    }

    private void take(HttpExchange exchange) throws IOException {
        byte[] body = exchange.getRequestBody().readAllBytes();
        requests.add(new Request(
                exchange.getRequestURI().getPath(),
                exchange.getRequestHeaders(),
                new String(body, StandardCharsets.UTF_8)));
        try {
            gate.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        location.ifPresent(to -> exchange.getResponseHeaders().set("Location", to));
        exchange.sendResponseHeaders(status, -1);
        exchange.close();
    }

    public int port() {
        return server.getAddress().getPort();
    }

    public String url(String path) {
        return "http://127.0.0.1:" + port() + path;
    }

    public void answers(int next) {
        status = next;
    }

    void redirects(String to) {
        status = 307;
        location = Optional.of(to);
    }

    /// Lets every request wait for its answer until [#goOn].
    public void holdsOn() {
        gate = new CountDownLatch(1);
    }

    public void goOn() {
        gate.countDown();
    }

    public List<Request> requests(String path) {
        return requests.stream().filter(request -> request.path().equals(path)).toList();
    }

    @Override
    public void close() {
        gate.countDown();
        server.stop(0);
    }
}
