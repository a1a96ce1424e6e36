package io.pgcharter;

import io.pgcharter.platform.postgres.PostgresUrl;
import io.pgcharter.platform.postgres.Session;
import io.pgcharter.platform.sandbox.Cluster;
import io.pgcharter.platform.sandbox.TestServers;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/// A PostgreSQL server of one test's own, that may be stopped, filled up and locked out.
final class OwnServer implements AutoCloseable {
    private static final List<String> SETTINGS =
            List.of("fsync = off", "full_page_writes = off", "shared_buffers = 32MB", "max_wal_size = 4GB");

    private final Cluster cluster;

    /// Makes and starts it.
    ///
    /// @param settings more lines for `postgresql.conf`
    OwnServer(int major, Path directory, String... settings) {
        List<String> all = new ArrayList<>(SETTINGS);
        all.addAll(List.of(settings));
        cluster = new Cluster(TestServers.binaries().bin(major), directory);
        cluster.make(all);
        cluster.start();
    }

    OwnServer(int major, String... settings) {
        this(major, TestServers.directory().resolve("server"), settings);
    }

    /// The superuser's URL over the server's socket.
    PostgresUrl url(String database) {
        return cluster.url(database);
    }

    Path data() {
        return cluster.data();
    }

    /// Where its socket is.
    Path socket() {
        PostgresUrl url = url("postgres");
        return Path.of(url.host(), ".s.PGSQL." + url.port());
    }

    void stop(String mode) {
        cluster.stop(mode);
    }

    /// Starts it again unless it runs.
    void ensureStarted() {
        if (!cluster.isRunning()) {
            cluster.start();
        }
    }

    void execute(String database, String sql) {
        try (Session session = Session.open(url(database), "test")) {
            session.execute(sql);
        }
    }

    String ask(String database, String sql) {
        try (Session session = Session.open(url(database), "test")) {
            return session.query(sql).getFirst().string(0);
        }
    }

    /// Makes a tablespace in a new directory.
    void addTablespace(String name, Path directory) {
        try {
            Files.createDirectory(directory);
            Files.setOwner(directory, Files.getOwner(data()));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        execute("postgres", "create tablespace " + name + " location '" + directory + "'");
    }

    /// From now on these lines come first in `pg_hba.conf`.
    void admit(String lines) {
        try {
            Path file = data().resolve("pg_hba.conf");
            Files.writeString(file, lines + "\n" + Files.readString(file));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        execute("postgres", "select pg_reload_conf()");
    }

    @Override
    public void close() {
        cluster.stop("immediate");
        Scene.delete(cluster.directory());
    }
}
