package io.pgcharter.platform.sandbox;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.pgcharter.model.secret.Secret;
import io.pgcharter.platform.postgres.PostgresUrl;
import io.pgcharter.platform.postgres.Quoting;
import io.pgcharter.platform.postgres.Session;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URLEncoder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;

/// Real PostgreSQL servers for tests: one of each major, started on first use and gone when the JVM ends. A test asks
/// for a fresh database and leaves it behind.
public final class TestServers {
    private static final Map<Integer, Sandboxes.Sandbox> RUNNING = new HashMap<>();
    private static final List<Path> DIRECTORIES = new ArrayList<>();
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

    /// The URL of a new superuser who must give `password`, on a fresh database.
    public static PostgresUrl withPassword(int major, String password) {
        PostgresUrl url = fresh(major);
        String role = "locked_" + url.database();
        Path access = Path.of(url.host()).resolveSibling("data/pg_hba.conf");
        try (Session session = Session.open(url, "test")) {
            session.execute("create role " + role + " superuser login password " + Quoting.literal(password));
            Files.writeString(access, "local all " + role + " scram-sha-256\n" + Files.readString(access));
            session.query("select pg_reload_conf()");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return new PostgresUrl(
                url.host(), url.port(), url.database(), role, Optional.of(new Secret(password)), url.parameters());
    }

    /// `url` as a charter has it.
    public static Secret text(PostgresUrl url) {
        String password = url.password()
                .map(secret -> ":" + URLEncoder.encode(secret.reveal(), UTF_8).replace("+", "%20"))
                .orElse("");
        return new Secret("postgres://" + url.user() + password + "@/" + url.database() + "?host=" + url.host()
                + "&port=" + url.port() + "&sslmode=disable");
    }

    /// The superuser's URL of the server of `major`. Settings are those of [Sandboxes].
    public static PostgresUrl server(int major) {
        synchronized (RUNNING) {
            atTheEnd();
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

    /// A new directory that servers, which may run as another OS user, can reach. It is gone when the JVM ends.
    public static Path directory() {
        try {
            Path directory = Files.createTempDirectory("pgc-");
            Files.setPosixFilePermissions(directory, PosixFilePermissions.fromString("rwxr-xr-x"));
            synchronized (RUNNING) {
                atTheEnd();
                DIRECTORIES.add(directory);
            }
            return directory;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /// Called with [#RUNNING] locked.
    private static void atTheEnd() {
        if (RUNNING.isEmpty() && DIRECTORIES.isEmpty()) {
            Runtime.getRuntime().addShutdownHook(new Thread(TestServers::leaveNothing));
        }
    }

    private static void leaveNothing() {
        synchronized (RUNNING) {
            RUNNING.values().parallelStream().forEach(Sandboxes.Sandbox::close);
            DIRECTORIES.stream().filter(Files::exists).forEach(TestServers::delete);
        }
    }

    private static void delete(Path directory) {
        try {
            Cluster.delete(directory);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
