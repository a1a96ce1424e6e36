package io.pgcharter;

import io.pgcharter.platform.postgres.PostgresUrl;
import io.pgcharter.platform.postgres.Session;
import io.pgcharter.platform.process.Program;
import io.pgcharter.platform.sandbox.Cluster;
import io.pgcharter.platform.sandbox.TestServers;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

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

    private OwnServer(Cluster cluster) {
        this.cluster = cluster;
    }

    /// Makes and starts a hot standby of this server.
    ///
    /// @param settings more lines for its `postgresql.conf`
    OwnServer standby(String... settings) {
        Path directory = TestServers.directory().resolve("standby");
        Path bin = TestServers.binaries().bin(15);
        Cluster standby = new Cluster(bin, directory);
        try {
            for (Path made : List.of(directory, Path.of(standby.url("postgres").host()))) {
                Files.createDirectory(made);
                Files.setOwner(made, Files.getOwner(data()));
            }
            new Program(
                            List.of(
                                    bin.resolve("pg_basebackup").toString(),
                                    "--pgdata=" + standby.data(),
                                    "--host=" + url("postgres").host(),
                                    "--username=postgres",
                                    "--checkpoint=fast",
                                    "--write-recovery-conf"),
                            Map.of(),
                            Cluster.owner(),
                            Duration.ofMinutes(1))
                    .runOrThrow("look at the primary's log");
            Path conf = standby.data().resolve("postgresql.auto.conf");
            String lines = Files.readString(conf)
                    .replaceFirst(
                            "unix_socket_directories = '[^']*'",
                            "unix_socket_directories = '"
                                    + standby.url("postgres").host() + "'");
            Files.writeString(conf, lines + "\n" + String.join("\n", settings) + "\n");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        standby.start();
        return new OwnServer(standby);
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
