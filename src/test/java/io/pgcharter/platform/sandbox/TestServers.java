package io.pgcharter.platform.sandbox;

import io.pgcharter.platform.postgres.PostgresUrl;
import io.pgcharter.platform.postgres.Quoting;
import io.pgcharter.platform.postgres.Session;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;

/// Real PostgreSQL servers for tests: one of each major, started on first use and gone when the JVM ends. A test asks
/// for a fresh database and leaves it behind.
public final class TestServers {
    private static final Map<Integer, Sandboxes.Sandbox> RUNNING = new HashMap<>();
    private static final Sandboxes SANDBOXES =
            new Sandboxes(binaries(), Path.of(System.getProperty("java.io.tmpdir"), "pgcharter-test"));
    private static final AtomicInteger DATABASES = new AtomicInteger();

    private TestServers() {}

    /// An empty database on a server of exactly `major`, 14 to 18; the URL is the superuser's, over a Unix socket.
    public static PostgresUrl fresh(int major) {
        PostgresUrl server = server(major);
        String name = "t" + DATABASES.incrementAndGet();
        try (Session session = Session.open(server, "test")) {
            session.execute("create database " + Quoting.identifier(name));
        }
        return server.withDatabase(name);
    }

    /// The superuser's URL of the server of `major`. Settings are those of [Sandboxes].
    public static PostgresUrl server(int major) {
        synchronized (RUNNING) {
            if (RUNNING.isEmpty()) {
                Runtime.getRuntime().addShutdownHook(new Thread(TestServers::stopAll));
            }
            return RUNNING.computeIfAbsent(major, TestServers::start).url();
        }
    }

    private static Sandboxes.Sandbox start(int major) {
        return SANDBOXES.start(major);
    }

    /// The installed and the bundled servers; bundles are unpacked once a machine.
    public static PostgresBinaries binaries() {
        Path bundles = Path.of(System.getProperty("pgcharter.home", "."), "target", "postgres");
        try {
            long bytes = 0;
            for (int major = 14; major <= 18; major++) {
                Path bundle = bundles.resolve(major + ".jar");
                bytes += Files.exists(bundle) ? Files.size(bundle) : 0;
            }
            // The size in the name keeps bundles of another version apart.
            Path unpacked = Path.of(System.getProperty("java.io.tmpdir"), "pgcharter-test-binaries-" + bytes);
            return new PostgresBinaries(Path.of("/usr/lib/postgresql"), bundles, unpacked);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /// A new directory that servers, which may run as another OS user, can reach.
    public static Path directory() {
        try {
            Path directory = Files.createTempDirectory("pgc-");
            Files.setPosixFilePermissions(directory, PosixFilePermissions.fromString("rwxr-xr-x"));
            return directory;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void stopAll() {
        synchronized (RUNNING) {
            RUNNING.values().forEach(Sandboxes.Sandbox::close);
            RUNNING.clear();
        }
    }
}
