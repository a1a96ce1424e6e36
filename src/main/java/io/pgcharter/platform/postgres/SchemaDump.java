package io.pgcharter.platform.postgres;

import io.pgcharter.model.problem.ProblemCode;
import io.pgcharter.model.problem.ProblemException;
import io.pgcharter.platform.process.Program;
import java.io.File;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// Has PostgreSQL's own `pg_dump` write a database's schema as SQL. It must be of the server's major or newer.
/// Thread-safe.
public final class SchemaDump {
    /// How long `pg_dump` waits for a lock before it gives up: the source's users come first.
    private static final String LOCK_WAIT = "30s";

    private static final Duration TIMEOUT = Duration.ofMinutes(30);

    /// The newest major whose packages are looked for.
    private static final int NEWEST_MAJOR = 30;

    private static final Pattern VERSION = Pattern.compile("\\(PostgreSQL\\) (\\d+)");

    private final Path installed;

    /// @param installed `/usr/lib/postgresql`, with `15/bin` and so on below
    public SchemaDump(Path installed) {
        this.installed = installed;
    }

    /// Where Debian puts PostgreSQL, then the PATH.
    public static SchemaDump ofThisMachine() {
        return new SchemaDump(Path.of("/usr/lib/postgresql"));
    }

    /// The two halves of a schema, as `pg_dump --section` names them.
    public enum Section {
        /// What data needs to be loaded into: types, tables, functions.
        PRE_DATA("pre-data"),
        /// What is made when data is there: indexes, constraints, triggers.
        POST_DATA("post-data");

        private final String word;

        Section(String word) {
            this.word = word;
        }
    }

    /// The section as a script for `psql`, as the snapshot sees the catalog.
    ///
    /// @param serverMajor of the server at `url`
    /// @param snapshot of `pg_export_snapshot()`; its transaction must stay open meanwhile
    /// @throws ProblemException `PROGRAM_MISSING` naming the package to install, `PROGRAM_FAILED` with what it said
    public String section(PostgresUrl url, int serverMajor, String snapshot, Section section) {
        Program program = new Program(
                List.of(
                        program(serverMajor).toString(),
                        "--schema-only",
                        "--section=" + section.word,
                        "--snapshot=" + snapshot,
                        "--no-subscriptions",
                        "--lock-wait-timeout=" + LOCK_WAIT,
                        "--no-password",
                        "--encoding=UTF8"),
                environment(url),
                Optional.empty(),
                TIMEOUT);
        return program.runOrThrow("see what pg_dump says; a lock that is held too long needs another time")
                .output();
    }

    /// Everything pg_dump must know to connect goes through the environment, which other users cannot read.
    private static Map<String, String> environment(PostgresUrl url) {
        Map<String, String> environment = new HashMap<>();
        environment.put("PGHOST", url.host());
        environment.put("PGPORT", Integer.toString(url.port()));
        environment.put("PGDATABASE", url.database());
        environment.put("PGUSER", url.user());
        environment.put("PGAPPNAME", "pgcharter schema");
        environment.put("PGOPTIONS", "-c statement_timeout=0 -c idle_in_transaction_session_timeout=0");
        url.password().ifPresent(password -> environment.put("PGPASSWORD", password.reveal()));
        Map.of("sslmode", "PGSSLMODE", "sslrootcert", "PGSSLROOTCERT", "sslcert", "PGSSLCERT", "sslkey", "PGSSLKEY")
                .forEach((parameter, variable) -> {
                    String value = url.parameters().get(parameter);
                    if (value != null) {
                        environment.put(variable, value);
                    }
                });
        environment.put("PGCONNECT_TIMEOUT", url.parameters().getOrDefault("connect_timeout", "10"));
        return environment;
    }

    /// The oldest `pg_dump` that is new enough: the server's own where there is one.
    private Path program(int serverMajor) {
        for (int major = serverMajor; major <= NEWEST_MAJOR; major++) {
            Path candidate = installed.resolve(major + "/bin/pg_dump");
            if (Files.isExecutable(candidate)) {
                return candidate;
            }
        }
        List<String> found = new ArrayList<>();
        for (String directory : System.getenv().getOrDefault("PATH", "").split(File.pathSeparator)) {
            Path candidate = Path.of(directory, "pg_dump");
            Optional<Integer> major = Files.isExecutable(candidate) ? majorOf(candidate) : Optional.empty();
            if (major.isPresent() && major.get() >= serverMajor) {
                return candidate;
            }
            major.ifPresent(version -> found.add(candidate + " (" + version + ")"));
        }
        throw new ProblemException(
                ProblemCode.PROGRAM_MISSING,
                "there is no pg_dump for a server of PostgreSQL " + serverMajor,
                "it must be of version " + serverMajor + " or newer; found: " + (found.isEmpty() ? "none" : found),
                "apt install postgresql-client-" + serverMajor);
    }

    private static Optional<Integer> majorOf(Path program) {
        Program.Ended ended = new Program(
                        List.of(program.toString(), "--version"), Map.of(), Optional.empty(), Duration.ofSeconds(10))
                .run();
        Matcher matcher = VERSION.matcher(ended.output());
        return matcher.find() ? Optional.of(Integer.parseInt(matcher.group(1))) : Optional.empty();
    }
}
