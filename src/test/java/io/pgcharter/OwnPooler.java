package io.pgcharter;

import io.pgcharter.model.secret.Secret;
import io.pgcharter.platform.postgres.PostgresUrl;
import io.pgcharter.platform.process.Program;
import io.pgcharter.platform.sandbox.Cluster;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// A PgBouncer of one test's own, in a process of its own; it knows nothing of one that the system may run.
final class OwnPooler implements AutoCloseable {
    private final Process process;
    private final Path log;
    private final int port;

    /// Starts it and returns when it takes connections.
    ///
    /// @param ini its settings, which make it listen on `port`
    OwnPooler(Path ini, int port) {
        this.port = port;
        this.log = ini.resolveSibling("pgbouncer-" + port + ".log");
        this.process = new Program(
                        List.of("/usr/sbin/pgbouncer", ini.toString()), Map.of(), Cluster.owner(), Duration.ofHours(1))
                .start(log);
        Wait.until("the pooler listens: " + said(), () -> listens() || !process.isAlive());
        if (!process.isAlive()) {
            throw new AssertionError("the pooler ended: " + said());
        }
    }

    /// A port that nobody listens on.
    static int freePort() {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private boolean listens() {
        try (Socket socket = new Socket()) {
            socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), 1000);
            return true;
        } catch (IOException refused) {
            return false;
        }
    }

    /// Its log.
    String said() {
        try {
            return Files.exists(log) ? Files.readString(log) : "";
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /// As a client reaches it.
    static PostgresUrl url(int port, String user, String password, String database) {
        return new PostgresUrl(
                "127.0.0.1", port, database, user, Optional.of(new Secret(password)), Map.of("sslmode", "disable"));
    }

    @Override
    public void close() {
        process.destroyForcibly();
        try {
            process.waitFor();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
