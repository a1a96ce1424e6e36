package io.pgcharter.platform.state;

import io.pgcharter.model.problem.Problem;
import io.pgcharter.model.problem.ProblemCode;
import io.pgcharter.model.problem.ProblemException;
import io.pgcharter.platform.postgres.PostgresUrl;
import io.pgcharter.platform.sandbox.Cluster;
import io.pgcharter.platform.sandbox.PostgresBinaries;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;

/// The private cluster of one user, shared by every command that runs at the moment: the first in starts the
/// server, the last out stops it, and one that is killed leaves it to the next.
///
/// Two lock files carry that. `users.lock` is held shared by whoever uses the server; the operating system drops
/// it with the process. `door.lock` is held alone while somebody comes or goes. Going, a process gives its share
/// back and tries to have `users.lock` alone: if that succeeds nobody is left.
final class PrivateCluster implements AutoCloseable {
    private static final List<String> SETTINGS = List.of(
            "shared_buffers = 32MB",
            "max_connections = 100",
            "wal_level = minimal",
            "max_wal_senders = 0",
            "jit = off");

    private final Path directory;
    private final Cluster cluster;
    private final FileChannel users;
    private FileLock share;

    private PrivateCluster(Path directory, Cluster cluster, FileChannel users, FileLock share) {
        this.directory = directory;
        this.cluster = cluster;
        this.users = users;
        this.share = share;
    }

    /// @param directory made if need be; one process enters it once at a time
    static PrivateCluster enter(Path directory, PostgresBinaries binaries) {
        try {
            Files.createDirectories(directory);
            try (FileChannel door = open(directory, "door.lock");
                    FileLock alone = door.lock()) {
                FileChannel users = open(directory, "users.lock");
                FileLock share = users.lock(0, Long.MAX_VALUE, true);
                Cluster cluster = cluster(directory, binaries);
                if (!cluster.isMade()) {
                    cluster.make(SETTINGS);
                }
                if (alone.isValid() && !cluster.isRunning()) {
                    cluster.start();
                }
                return new PrivateCluster(directory, cluster, users, share);
            }
        } catch (IOException e) {
            throw new ProblemException(
                    new Problem(
                            ProblemCode.STATE_UNAVAILABLE,
                            "the state directory '" + directory + "' cannot be used",
                            String.valueOf(e.getMessage()),
                            "choose another with PGCHARTER_STATE_DIRECTORY, or make this one yours"),
                    e);
        }
    }

    /// The cluster keeps the major version it was made with.
    private static Cluster cluster(Path directory, PostgresBinaries binaries) throws IOException {
        Path place = directory.resolve("state");
        Path version = place.resolve("data/PG_VERSION");
        int major = Files.exists(version)
                ? Integer.parseInt(Files.readString(version).strip())
                : binaries.preferredMajor();
        return new Cluster(binaries.bin(major), place);
    }

    private static FileChannel open(Path directory, String name) throws IOException {
        return FileChannel.open(
                directory.resolve(name), StandardOpenOption.CREATE, StandardOpenOption.READ, StandardOpenOption.WRITE);
    }

    PostgresUrl url() {
        return cluster.url("postgres");
    }

    @Override
    public void close() {
        try (FileChannel door = open(directory, "door.lock");
                FileLock alone = door.lock()) {
            share.release();
            FileLock last = users.tryLock();
            if (last != null && alone.isValid()) {
                cluster.stop("fast");
                last.release();
            }
            users.close();
        } catch (IOException e) {
            throw new ProblemException(
                    new Problem(
                            ProblemCode.STATE_UNAVAILABLE,
                            "the state directory '" + directory + "' cannot be left in order",
                            String.valueOf(e.getMessage()),
                            "the next command puts it in order; see that the disk has room"),
                    e);
        }
    }
}
