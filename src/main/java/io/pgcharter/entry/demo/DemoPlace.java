package io.pgcharter.entry.demo;

import io.pgcharter.model.problem.Problem;
import io.pgcharter.model.problem.ProblemCode;
import io.pgcharter.model.problem.ProblemException;
import io.pgcharter.platform.postgres.PostgresUrl;
import io.pgcharter.platform.postgres.Session;
import io.pgcharter.platform.sandbox.Cluster;
import io.pgcharter.platform.sandbox.PostgresBinaries;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/// The scratch directory of one demonstration: three servers, two repositories, pgcharter's own state.
final class DemoPlace {
    /// What is asked for when this machine has no PostgreSQL at all.
    private static final int MAJOR_DEFAULT = 15;

    private static final String DATABASE = "finatrades";

    /// The servers hold nothing of value: forcing to disk would only slow the show.
    private static final List<String> SETTINGS =
            List.of("fsync = off", "shared_buffers = 64MB", "max_wal_size = 1GB", "wal_level = logical");

    private final Path directory;
    private final Path bin;

    private DemoPlace(Path directory, Path bin) {
        this.directory = directory;
        this.bin = bin;
    }

    /// @param binaries installed ones, whose `pg_dump` a backup needs; the newest is taken
    static DemoPlace make(PostgresBinaries binaries) {
        int newest = binaries.majors().stream().mapToInt(major -> major).max().orElse(MAJOR_DEFAULT);
        Path bin = binaries.bin(binaries.majorFor(newest));
        try {
            Path directory = Files.createTempDirectory("pgcharter-demo-");
            // The servers may run as another OS user, who has to get through to their own directories.
            Files.setPosixFilePermissions(directory, PosixFilePermissions.fromString("rwx--x--x"));
            return new DemoPlace(directory, bin);
        } catch (IOException e) {
            throw unusable(e);
        }
    }

    Path directory() {
        return directory;
    }

    /// Makes and starts a server with one empty database.
    PostgresUrl start(String name) {
        Cluster cluster = new Cluster(bin, directory.resolve(name));
        cluster.make(SETTINGS);
        cluster.start();
        try (Session session = Session.open(cluster.url("postgres"), "demo")) {
            session.execute("create database " + DATABASE);
        }
        return cluster.url(DATABASE);
    }

    PostgresUrl url(String name) {
        return new Cluster(bin, directory.resolve(name)).url(DATABASE);
    }

    /// What the charter's references stand for, and where pgcharter keeps its state.
    Map<String, String> variables() {
        Map<String, String> variables = new LinkedHashMap<>();
        variables.put("AWS_PROD_DATABASE_URL", text(url("production")));
        variables.put("AWS_DEV_DATABASE_URL", text(url("development")));
        variables.put("DATABASE_URL", text(url("backup")));
        variables.put("PGCHARTER_REPOSITORY", directory.resolve("repositories").toString());
        variables.put("PGCHARTER_REPOSITORY_PASSWORD", "only-for-the-demo");
        variables.put("PGCHARTER_STATE_DIRECTORY", directory.resolve("state").toString());
        return variables;
    }

    private static String text(PostgresUrl url) {
        return "postgres://" + url.user() + "@/" + url.database() + "?host=" + url.host() + "&port=" + url.port()
                + "&sslmode=disable";
    }

    /// Writes what a shell needs to go on, and to end it all.
    void writeScripts(Map<String, String> variables) {
        String exports = variables.entrySet().stream()
                .map(variable -> "export " + variable.getKey() + "='" + variable.getValue() + "'\n")
                .collect(Collectors.joining());
        String end = """
                # Stops the demonstration's servers and deletes its directory.
                for file in %1$s/*/data/postmaster.pid %1$s/state/*/data/postmaster.pid; do
                  if [ -f "$file" ]; then kill -INT "$(head -n 1 "$file")"; fi
                done
                rm -rf %1$s
                """.formatted(directory);
        try {
            Files.writeString(directory.resolve("environment"), exports);
            Files.writeString(directory.resolve("end.sh"), end);
        } catch (IOException e) {
            throw unusable(e);
        }
    }

    /// Stops every server below the directory and deletes it all.
    void destroy() {
        try {
            for (Path cluster : clusters()) {
                new Cluster(bin, cluster).stop("immediate");
            }
            try (Stream<Path> files = Files.walk(directory)) {
                for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                    Files.deleteIfExists(file);
                }
            }
        } catch (IOException e) {
            throw unusable(e);
        }
    }

    private List<Path> clusters() throws IOException {
        try (Stream<Path> files = Files.walk(directory, 3)) {
            return files.filter(path -> Files.exists(path.resolve("data/postmaster.pid")))
                    .toList();
        }
    }

    private static ProblemException unusable(IOException e) {
        return new ProblemException(
                new Problem(
                        ProblemCode.STORAGE_UNREACHABLE,
                        "the demonstration's scratch directory cannot be used",
                        e.toString(),
                        "see that the temporary directory has room, or choose another: TMPDIR"),
                e);
    }
}
