package io.pgcharter.capability.schema;

import io.pgcharter.platform.postgres.PostgresUrl;
import io.pgcharter.platform.postgres.Quoting;
import io.pgcharter.platform.postgres.Session;
import io.pgcharter.platform.process.Program;
import io.pgcharter.platform.sandbox.Sandboxes;
import io.pgcharter.platform.sandbox.TestServers;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/// PostgreSQL's own regression tests, for the objects that they leave behind, on a server of their own. They are run
/// as its `pg_regress` runs them (<https://www.postgresql.org/docs/current/regress-run.html>), one after the other.
/// Errors are part of them; so is here what needs their library of C functions, which nobody has compiled.
///
/// `./pgcharter test --all` fetches them into `target/regress/<major>`.
final class RegressionObjects implements AutoCloseable {
    /// Makes what most of the others need.
    private static final String SET_UP = "test_setup";

    private static final Duration FILE_MAX = Duration.ofMinutes(2);

    private final int major;
    private final Path source;
    private final Sandboxes.Sandbox sandbox;

    private RegressionObjects(int major, Path source, Sandboxes.Sandbox sandbox) {
        this.major = major;
        this.source = source;
        this.sandbox = sandbox;
    }

    private static Optional<Path> fetched() {
        Path all = Path.of(System.getProperty("pgcharter.home", "."), "target", "regress");
        if (!Files.isDirectory(all)) {
            return Optional.empty();
        }
        try (Stream<Path> majors = Files.list(all)) {
            return majors.filter(major -> Files.exists(major.resolve("parallel_schedule")))
                    .max(Comparator.comparing(major -> Integer.valueOf(name(major))));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static boolean areThere() {
        return fetched().isPresent();
    }

    static RegressionObjects start() {
        Path fetched = fetched().orElseThrow();
        int major = Integer.parseInt(name(fetched));
        Path source = TestServers.directory();
        try {
            // The server reads files there, and writes into `results`.
            for (String each : List.of("sql", "data")) {
                copy(fetched.resolve(each), source.resolve(each));
            }
            Files.copy(fetched.resolve("parallel_schedule"), source.resolve("parallel_schedule"));
            Path results = Files.createDirectory(source.resolve("results"));
            Files.setPosixFilePermissions(results, PosixFilePermissions.fromString("rwxrwxrwx"));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        Sandboxes.Sandbox sandbox = new Sandboxes(TestServers.binaries(), TestServers.directory()).start(major);
        RegressionObjects objects = new RegressionObjects(major, source, sandbox);
        objects.make("set_up", "template0");
        objects.run(SET_UP, objects.sandbox.url().withDatabase("set_up"));
        return objects;
    }

    private static void copy(Path from, Path to) throws IOException {
        Files.createDirectory(to);
        try (Stream<Path> files = Files.list(from)) {
            for (Path file : files.filter(Files::isRegularFile).toList()) {
                Files.copy(file, to.resolve(name(file)));
            }
        }
    }

    private static String name(Path path) {
        return String.valueOf(path.getFileName());
    }

    int major() {
        return major;
    }

    /// All files in the order of the schedule, but for the one that others need.
    List<String> files() {
        try {
            return Files.readAllLines(source.resolve("parallel_schedule")).stream()
                    .filter(line -> line.startsWith("test: "))
                    .flatMap(line -> Arrays.stream(
                            line.substring("test: ".length()).strip().split(" +")))
                    .filter(file -> !file.equals(SET_UP))
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /// What all files one after the other leave in one database.
    PostgresUrl whole() {
        PostgresUrl database = make("regression", "set_up");
        files().forEach(file -> run(file, database));
        return database;
    }

    /// What one file leaves.
    PostgresUrl alone(String file) {
        PostgresUrl database = make(file, "set_up");
        run(file, database);
        return database;
    }

    /// An empty database.
    PostgresUrl empty(String name) {
        return make(name, "template0");
    }

    /// A copy of one of the databases.
    PostgresUrl copy(PostgresUrl of) {
        return make("copy of " + of.database(), of.database());
    }

    void drop(PostgresUrl database) {
        execute("drop database " + Quoting.identifier(database.database()));
    }

    PostgresUrl server() {
        return sandbox.url();
    }

    private PostgresUrl make(String name, String template) {
        String database = Quoting.identifier(name);
        execute("create database " + database + " template " + Quoting.identifier(template) + " encoding 'UTF8'");
        execute("alter database " + database + " set lc_messages to 'C'; alter database " + database
                + " set bytea_output to 'hex'; alter database " + database
                + " set timezone_abbreviations to 'Default'");
        return sandbox.url().withDatabase(name);
    }

    private void execute(String sql) {
        try (Session session = Session.open(sandbox.url(), "test")) {
            for (String statement : sql.split("; ", -1)) {
                session.execute(statement);
            }
        }
    }

    private void run(String file, PostgresUrl database) {
        new Program(
                        List.of(
                                "/usr/lib/postgresql/" + major + "/bin/psql",
                                "--no-psqlrc",
                                "--quiet",
                                "--variable=HIDE_TABLEAM=on",
                                "--variable=HIDE_TOAST_COMPRESSION=on",
                                "--file=" + source.resolve("sql/" + file + ".sql")),
                        Map.ofEntries(
                                Map.entry("PGHOST", database.host()),
                                Map.entry("PGPORT", Integer.toString(database.port())),
                                Map.entry("PGUSER", database.user()),
                                Map.entry("PGDATABASE", database.database()),
                                Map.entry("PGTZ", "PST8PDT"),
                                Map.entry("PGDATESTYLE", "Postgres, MDY"),
                                Map.entry("PGOPTIONS", "-c intervalstyle=postgres_verbose"),
                                Map.entry("PG_ABS_SRCDIR", source.toString()),
                                Map.entry("PG_ABS_BUILDDIR", source.toString()),
                                Map.entry("PG_LIBDIR", source.toString()),
                                Map.entry("PG_DLSUFFIX", ".so")),
                        Optional.empty(),
                        FILE_MAX)
                .run();
    }

    @Override
    public void close() {
        sandbox.close();
    }
}
