package io.pgcharter.platform.sandbox;

import io.pgcharter.model.problem.Problem;
import io.pgcharter.model.problem.ProblemCode;
import io.pgcharter.model.problem.ProblemException;
import io.pgcharter.platform.postgres.PostgresUrl;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// Makes scratch servers below one directory. Thread-safe, and safe beside other processes on the same directory.
///
/// Beside each sandbox's directory lies a file that its process keeps locked. The operating system drops the lock
/// with the process, however it ends; so a directory whose lock can be had is a leftover, and the next start stops
/// its server and deletes it.
public final class Sandboxes {
    /// `3f2a9c01.lock` beside the directory `3f2a9c01`: taken before the directory is made, released after it is gone.
    private static final String LOCK = ".lock";

    /// A scratch server may lose everything but the comparison: nothing is forced to disk. Autovacuum would only
    /// compete with the work; locks must suffice for ten thousand tables in one transaction.
    private static final List<String> SETTINGS = List.of(
            "fsync = off",
            "full_page_writes = off",
            "synchronous_commit = off",
            "wal_level = minimal",
            "max_wal_senders = 0",
            "max_wal_size = 4GB",
            "checkpoint_timeout = 1h",
            "shared_buffers = 256MB",
            "maintenance_work_mem = 256MB",
            "max_locks_per_transaction = 1024",
            "autovacuum = off",
            "jit = off");

    /// Lock files that this process holds. It must not even open them again: closing any channel of a file drops all
    /// locks of the process on it (POSIX), and other processes would then take its live servers for leftovers.
    private static final Set<Path> OURS = ConcurrentHashMap.newKeySet();

    private final PostgresBinaries binaries;
    private final Path directory;

    public Sandboxes(PostgresBinaries binaries, Path directory) {
        this.binaries = binaries;
        this.directory = directory.toAbsolutePath().normalize();
    }

    /// Makes and starts a server of `major`, or of the nearest newer major there are binaries for. It listens on a
    /// Unix socket only, runs without fsync, and is destroyed by closing it. First cleans up after crashed
    /// processes.
    ///
    /// @throws ProblemException `PROGRAM_MISSING` with the package to install
    public Sandbox start(int major) {
        return start(major, List.of());
    }

    /// As [#start(int)], with settings of its own.
    ///
    /// @param settings lines for `postgresql.conf`, which count more than the usual ones
    public Sandbox start(int major, List<String> settings) {
        int found = binaries.majorFor(major);
        cleanUp();
        Path place = directory.resolve(UUID.randomUUID().toString().substring(0, 8));
        Cluster cluster = new Cluster(binaries.bin(found), place);
        Held held = hold(place);
        try {
            cluster.make(Stream.concat(SETTINGS.stream(), settings.stream()).toList());
            cluster.start();
            return new Running(found, cluster, () -> destroy(cluster, held));
        } catch (RuntimeException e) {
            destroy(cluster, held);
            throw e;
        }
    }

    /// Stops and deletes the servers of processes that are gone.
    public void cleanUp() {
        if (!Files.isDirectory(directory)) {
            return;
        }
        try (Stream<Path> places = Files.list(directory)) {
            for (Path place : places.filter(Files::isDirectory).toList()) {
                Held held = tryHold(place);
                if (held != null) {
                    // Any binaries can stop any server; the newest are as good as those that started it.
                    int newest =
                            binaries.majors().stream().reduce((_, last) -> last).orElseThrow();
                    destroy(new Cluster(binaries.bin(newest), place), held);
                }
            }
        } catch (IOException e) {
            throw unreachable(directory, e);
        }
    }

    /// A running scratch server.
    public interface Sandbox extends AutoCloseable {
        int major();

        /// The superuser's URL, database `postgres`.
        PostgresUrl url();

        /// Stops the server and deletes it.
        @Override
        void close();
    }

    private record Running(int major, Cluster cluster, Runnable end) implements Sandbox {
        @Override
        public PostgresUrl url() {
            return cluster.url("postgres");
        }

        @Override
        public void close() {
            end.run();
        }
    }

    /// The lock that says that a sandbox's process lives.
    private record Held(Path file, FileChannel channel, FileLock lock) {
        void release() {
            try {
                Files.deleteIfExists(file);
                lock.release();
                channel.close();
            } catch (IOException e) {
                throw unreachable(file, e);
            } finally {
                OURS.remove(file);
            }
        }
    }

    private Held hold(Path place) {
        try {
            if (!Files.isDirectory(directory)) {
                Cluster.makeDirectory(directory);
            }
        } catch (IOException e) {
            throw unreachable(place, e);
        }
        Held held = tryHold(place);
        if (held == null) {
            throw new IllegalStateException("a new sandbox's lock is held by another process: " + place);
        }
        return held;
    }

    private static @Nullable Held tryHold(Path place) {
        Path file = lockFile(place);
        if (!OURS.add(file)) {
            return null;
        }
        FileLock lock = null;
        try {
            FileChannel channel = FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
            lock = channel.tryLock();
            if (lock == null) {
                channel.close();
                return null;
            }
            return new Held(file, channel, lock);
        } catch (IOException e) {
            throw unreachable(place, e);
        } finally {
            if (lock == null) {
                OURS.remove(file);
            }
        }
    }

    private static Path lockFile(Path place) {
        return place.resolveSibling(place.getFileName() + LOCK);
    }

    private static void destroy(Cluster cluster, Held held) {
        try {
            cluster.stop("immediate");
        } finally {
            if (Files.exists(cluster.directory())) {
                delete(cluster.directory());
            }
            held.release();
        }
    }

    private static void delete(Path directory) {
        try {
            Cluster.delete(directory);
        } catch (IOException e) {
            throw unreachable(directory, e);
        }
    }

    private static ProblemException unreachable(Path place, IOException e) {
        return new ProblemException(
                new Problem(
                        ProblemCode.STORAGE_UNREACHABLE,
                        "the scratch directory '" + place + "' cannot be used",
                        String.valueOf(e.getMessage()),
                        "see that the disk has room and the directory is yours"),
                e);
    }
}
