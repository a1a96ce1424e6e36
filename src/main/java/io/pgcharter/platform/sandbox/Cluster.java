package io.pgcharter.platform.sandbox;

import io.pgcharter.model.problem.Problem;
import io.pgcharter.model.problem.ProblemCode;
import io.pgcharter.model.problem.ProblemException;
import io.pgcharter.platform.postgres.PostgresUrl;
import io.pgcharter.platform.process.Program;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// One PostgreSQL server of our own: a directory with `data`, `log`, and a socket directory that only its owner may
/// enter, so that no password is needed and no port is open. PostgreSQL refuses to run as root; then the server runs as
/// the OS user `postgres`, who owns the directory.
public final class Cluster {
    private static final Duration INITDB_TIMEOUT = Duration.ofMinutes(2);
    private static final Duration START_TIMEOUT = Duration.ofMinutes(1);
    private static final Duration STOP_TIMEOUT = Duration.ofMinutes(1);
    private static final Duration LOOK_EVERY = Duration.ofMillis(3);
    private static final int PID_FILE_LINES = 8;

    /// The longest path of a Unix socket that Linux takes, less `/.s.PGSQL.5432` and its end.
    private static final int SOCKET_DIRECTORY_LENGTH_MAX = 90;

    /// The name of the superuser in every cluster of ours.
    private static final String SUPERUSER = "postgres";

    private static final int PORT = 5432;

    /// What the name of a data directory begins with that is not whole yet.
    private static final String MAKING = "making-";

    private final Path bin;
    private final Path directory;

    /// @param bin of [PostgresBinaries#bin]
    /// @param directory of the cluster; all that is in it belongs to it
    public Cluster(Path bin, Path directory) {
        this.bin = bin;
        this.directory = directory.toAbsolutePath();
    }

    /// The OS user servers run as: ours, unless we are root.
    public static Optional<String> owner() {
        return Program.isRoot() ? Optional.of("postgres") : Optional.empty();
    }

    public Path directory() {
        return directory;
    }

    public Path data() {
        return directory.resolve("data");
    }

    private Path socketDirectory() {
        return directory.resolve("socket");
    }

    public boolean isMade() {
        return Files.exists(data().resolve("PG_VERSION"));
    }

    /// Makes the data directory, under another name until it is whole: what a killed process leaves half made is
    /// never started. The cluster's directory must not hold one.
    ///
    /// @param settings lines for `postgresql.conf`, such as `fsync = off`
    public void make(List<String> settings) {
        requireShortPath();
        Path making = directory.resolve(MAKING + UUID.randomUUID());
        try {
            makeDirectory(directory);
            makeDirectory(socketDirectory());
            deleteHalfMade();
            initialize(making, settings);
            // The socket's directory is closed to everybody else: that is the login.
            writeOwned(making.resolve("pg_hba.conf"), "local all all trust\nlocal replication all trust\n");
            List<String> lines = new ArrayList<>(settings);
            lines.add("listen_addresses = ''");
            lines.add(
                    "unix_socket_directories = '" + socketDirectory().toString().replace("'", "''") + "'");
            lines.add("unix_socket_permissions = 0700");
            lines.add("port = " + PORT);
            Files.writeString(making.resolve("postgresql.auto.conf"), String.join("\n", lines) + "\n");
            Files.move(making, data());
        } catch (IOException e) {
            throw new ProblemException(
                    new Problem(
                            ProblemCode.STORAGE_UNREACHABLE,
                            "a PostgreSQL cluster cannot be made in '" + directory + "'",
                            String.valueOf(e.getMessage()),
                            "choose another place with PGCHARTER_STATE_DIRECTORY"),
                    e);
        }
    }

    private void initialize(Path making, List<String> settings) {
        List<String> words = new ArrayList<>(List.of(
                bin.resolve("initdb").toString(),
                "--pgdata=" + making,
                "--username=" + SUPERUSER,
                "--auth=trust",
                "--encoding=UTF8",
                "--locale=C.UTF-8",
                "--no-instructions"));
        if (settings.contains("fsync = off")) {
            words.add("--no-sync");
        }
        new Program(words, Map.of(), owner(), INITDB_TIMEOUT)
                .runOrThrow("see that the disk of '" + directory + "' has room"
                        + owner().map(user -> ", and that '" + user + "' may enter all directories above it")
                                .orElse("")
                        + "; then run the command again");
    }

    private void deleteHalfMade() throws IOException {
        try (Stream<Path> files = Files.list(directory)) {
            for (Path file : files.filter(path -> path.getFileName().toString().startsWith(MAKING))
                    .toList()) {
                delete(file);
            }
        }
    }

    /// Deletes a directory and all below it.
    static void delete(Path directory) throws IOException {
        Files.walkFileTree(directory, new SimpleFileVisitor<>() {
            @Override
            public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) throws IOException {
                Files.deleteIfExists(file);
                return FileVisitResult.CONTINUE;
            }

            @Override
            public FileVisitResult postVisitDirectory(Path path, @Nullable IOException failure) throws IOException {
                if (failure != null) {
                    throw failure;
                }
                Files.deleteIfExists(path);
                return FileVisitResult.CONTINUE;
            }
        });
    }

    private void requireShortPath() {
        if (socketDirectory().toString().length() > SOCKET_DIRECTORY_LENGTH_MAX) {
            throw new ProblemException(
                    ProblemCode.USAGE,
                    "the path '" + directory + "' is too long for a Unix socket",
                    "Linux takes 107 characters",
                    "choose a shorter place with PGCHARTER_STATE_DIRECTORY");
        }
    }

    /// Makes a directory that only the servers' OS user may enter.
    static void makeDirectory(Path path) throws IOException {
        Files.createDirectories(path);
        Files.setPosixFilePermissions(path, PosixFilePermissions.fromString("rwx------"));
        giveToOwner(path);
    }

    private static void writeOwned(Path path, String text) throws IOException {
        Files.writeString(path, text);
        giveToOwner(path);
    }

    private static void giveToOwner(Path path) throws IOException {
        if (owner().isPresent()) {
            Files.setOwner(
                    path, path.getFileSystem().getUserPrincipalLookupService().lookupPrincipalByName(owner().get()));
        }
    }

    /// Starts the server and returns when it takes connections. As `pg_ctl` does, which looks only ten times a second.
    ///
    /// @throws ProblemException `PROGRAM_FAILED` with the last of the server's log
    public void start() {
        Path log = data().resolve("server.log");
        try {
            if (!Files.exists(log)) {
                writeOwned(log, "");
            }
        } catch (IOException e) {
            throw new UncheckedIOException("'" + log + "' cannot be written", e);
        }
        // A session of its own: what is typed at our terminal is none of its signals.
        Process server = new Program(
                        List.of("setsid", bin.resolve("postgres").toString(), "-D", data().toString()),
                        Map.of(),
                        owner(),
                        START_TIMEOUT)
                .start(log);
        if (!becomes(START_TIMEOUT, () -> !server.isAlive() || isReady(server.pid())) || !server.isAlive()) {
            throw new ProblemException(
                    ProblemCode.PROGRAM_FAILED,
                    "the PostgreSQL server in '" + directory + "' did not start",
                    lastOfLog(),
                    "read '" + log + "'");
        }
    }

    /// Stops the server and returns when it is gone. Does nothing if it is not running.
    ///
    /// @param mode `fast`, or `immediate` for a cluster that is thrown away
    public void stop(String mode) {
        if (!isRunning()) {
            return;
        }
        new Program(
                        List.of(
                                bin.resolve("pg_ctl").toString(),
                                "stop",
                                "--pgdata=" + data(),
                                "--mode=" + mode,
                                "--silent",
                                "--no-wait"),
                        Map.of(),
                        owner(),
                        STOP_TIMEOUT)
                .runOrThrow("see '" + data().resolve("postmaster.pid") + "'");
        if (!becomes(STOP_TIMEOUT, () -> !isRunning())) {
            throw new ProblemException(
                    ProblemCode.TIMED_OUT,
                    "the PostgreSQL server in '" + directory + "' did not stop within " + STOP_TIMEOUT.toSeconds()
                            + " s",
                    lastOfLog(),
                    "end the server by hand: its process id is the first line of '" + data().resolve("postmaster.pid")
                            + "'");
        }
    }

    private static boolean becomes(Duration timeout, BooleanSupplier condition) {
        long end = System.nanoTime() + timeout.toNanos();
        while (!condition.getAsBoolean()) {
            if (System.nanoTime() > end) {
                return false;
            }
            LockSupport.parkNanos(LOOK_EVERY.toNanos());
        }
        return true;
    }

    /// The file's lines are the process id, …, and the state: `src/include/utils/pidfile.h` of PostgreSQL.
    private boolean isReady(long process) {
        List<String> lines = pidFile();
        return lines.size() >= PID_FILE_LINES
                && lines.getFirst().strip().equals(Long.toString(process))
                && lines.get(PID_FILE_LINES - 1).strip().equals("ready");
    }

    /// Whether the server's process is there.
    public boolean isRunning() {
        return pid().flatMap(ProcessHandle::of)
                .filter(ProcessHandle::isAlive)
                // The id may have gone to another process since a crash.
                .filter(process -> process.info()
                        .command()
                        .map(command -> command.endsWith("postgres"))
                        .orElse(true))
                .isPresent();
    }

    /// The server's process id, as its data directory says.
    public Optional<Long> pid() {
        return pidFile().stream()
                .findFirst()
                .map(String::strip)
                .filter(line -> !line.isEmpty())
                .map(Long::parseLong);
    }

    /// Empty if there is no such file.
    private List<String> pidFile() {
        Path file = data().resolve("postmaster.pid");
        try {
            return Files.readAllLines(file);
        } catch (NoSuchFileException _) {
            return List.of();
        } catch (IOException e) {
            throw new UncheckedIOException("'" + file + "' cannot be read", e);
        }
    }

    /// Where to connect, as the superuser.
    public PostgresUrl url(String database) {
        return new PostgresUrl(
                socketDirectory().toString(),
                PORT,
                database,
                SUPERUSER,
                Optional.empty(),
                Map.of("sslmode", "disable"));
    }

    private String lastOfLog() {
        try {
            List<String> lines = Files.readAllLines(directory.resolve("data/server.log"));
            return String.join("; ", lines.subList(Math.max(0, lines.size() - 3), lines.size()));
        } catch (IOException e) {
            return "it wrote no log: " + e.getMessage();
        }
    }
}
