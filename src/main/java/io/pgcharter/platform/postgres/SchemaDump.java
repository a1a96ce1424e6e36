package io.pgcharter.platform.postgres;

import io.pgcharter.model.problem.ProblemCode;
import io.pgcharter.model.problem.ProblemException;
import io.pgcharter.platform.process.Program;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/// Prints a database's schema with the machine's `pg_dump`: one as new as the server or newer. Secrets travel in
/// its environment only. Thread-safe.
public final class SchemaDump {
    private static final Duration TIMEOUT = Duration.ofMinutes(30);
    private static final Duration VERSION_TIMEOUT = Duration.ofSeconds(20);
    /// How long it waits for a table that somebody holds locked.
    private static final Duration LOCK_WAIT_MAX = Duration.ofMinutes(1);
    private static final Pattern CONNECTIONS = Pattern.compile("too many (connections|clients)|connection slots");
    private static final Pattern LOST = Pattern.compile(
            "connection to server .* failed|server closed the connection|terminating connection|no connection to the server");
    private static final Pattern VERSION = Pattern.compile("\\(PostgreSQL\\) ([0-9]+)");
    /// Connection parameters of the URL that libpq takes from its environment.
    private static final Map<String, String> ENVIRONMENT = Map.of(
            "sslmode", "PGSSLMODE",
            "sslrootcert", "PGSSLROOTCERT",
            "sslcert", "PGSSLCERT",
            "sslkey", "PGSSLKEY",
            "connect_timeout", "PGCONNECT_TIMEOUT",
            "options", "PGOPTIONS",
            "channel_binding", "PGCHANNELBINDING");

    private final Path installed;
    private final String searchPath;
    private final Runnable check;

    /// @param installed `/usr/lib/postgresql`, with `15/bin` and so on below; looked into first
    /// @param searchPath the value of `PATH`
    public SchemaDump(Path installed, String searchPath) {
        this(installed, searchPath, () -> {});
    }

    private SchemaDump(Path installed, String searchPath, Runnable check) {
        this.installed = installed;
        this.searchPath = searchPath;
        this.check = check;
    }

    /// The same for one run: what `newCheck` throws ends a `pg_dump` that is still at work.
    public SchemaDump heeding(Runnable newCheck) {
        return new SchemaDump(installed, searchPath, newCheck);
    }

    /// Where Debian puts PostgreSQL, then this process's `PATH`.
    public static SchemaDump ofThisMachine() {
        return new SchemaDump(
                Path.of("/usr/lib/postgresql"),
                Optional.ofNullable(System.getenv("PATH")).orElse(""));
    }

    /// A part of the schema, as `pg_dump --section` names it.
    public enum Section {
        /// Everything but data, indexes, constraints, rules and triggers.
        PRE_DATA("pre-data"),
        /// What is to be made once the data is there.
        POST_DATA("post-data");

        private final String word;

        Section(String word) {
            this.word = word;
        }
    }

    /// What to print.
    ///
    /// @param section empty for the whole schema
    /// @param snapshotId of `pg_export_snapshot()`, whose transaction stays open meanwhile; empty for now
    /// @param schemas, tables patterns as pg_dump has them; empty for all
    public record Request(
            Optional<Section> section, Optional<String> snapshotId, List<String> schemas, List<String> tables) {
        public Request {
            schemas = List.copyOf(schemas);
            tables = List.copyOf(tables);
        }

        /// The whole schema as it is now.
        public static Request whole() {
            return new Request(Optional.empty(), Optional.empty(), List.of(), List.of());
        }
    }

    /// One section of the schema as of an exported snapshot.
    ///
    /// @throws ProblemException see [#script]
    public String section(PostgresUrl url, int serverMajor, String snapshotId, Section section) {
        return script(
                url, serverMajor, new Request(Optional.of(section), Optional.of(snapshotId), List.of(), List.of()));
    }

    /// The script that pg_dump prints.
    ///
    /// @throws ProblemException `PROGRAM_MISSING` if there is no pg_dump of `serverMajor` or newer. With the last
    ///     lines of what it said: `CONNECTIONS_EXHAUSTED`, `SERVER_UNREACHABLE`, `TIMED_OUT`, else `PROGRAM_FAILED`
    public String script(PostgresUrl url, int serverMajor, Request request) {
        List<String> words = new ArrayList<>(List.of(
                pgDump(serverMajor).toString(),
                "--schema-only",
                "--no-subscriptions",
                "--no-password",
                "--encoding=UTF8",
                "--lock-wait-timeout=" + LOCK_WAIT_MAX.toMillis()));
        request.section().ifPresent(section -> words.add("--section=" + section.word));
        request.snapshotId().ifPresent(id -> words.add("--snapshot=" + id));
        request.schemas().forEach(schema -> words.add("--schema=" + schema));
        request.tables().forEach(table -> words.add("--table=" + table));
        Program.Ended ended = new Program(words, environment(url), Optional.empty(), TIMEOUT).run(check);
        if (ended.exitCode() != 0) {
            throw failed(ended);
        }
        return ended.output();
    }

    /// What pg_dump met is told by its words alone; a server that speaks another language leaves it at
    /// `PROGRAM_FAILED`.
    private static ProblemException failed(Program.Ended ended) {
        String words = ended.lastErrors();
        ProblemCode code = ProblemCode.PROGRAM_FAILED;
        String remedy = "see the cause; a privilege may be missing, or a table was dropped meanwhile: run it again";
        if (CONNECTIONS.matcher(words).find()) {
            code = ProblemCode.CONNECTIONS_EXHAUSTED;
            remedy = "free connections (select * from pg_stat_activity), or raise max_connections or the role's limit";
        } else if (words.contains("lock timeout")) {
            code = ProblemCode.TIMED_OUT;
            remedy =
                    "see who holds the lock (select * from pg_locks join pg_stat_activity using (pid)), then run it again";
        } else if (LOST.matcher(words).find()) {
            code = ProblemCode.SERVER_UNREACHABLE;
            remedy = "check that the server runs (its log says why it stopped) and the network, then run it again";
        }
        return new ProblemException(code, "'pg_dump' could not read the schema", words, remedy);
    }

    /// The oldest pg_dump on this machine that serves a server of `serverMajor`.
    ///
    /// @throws ProblemException `PROGRAM_MISSING` naming the package to install
    public Path pgDump(int serverMajor) {
        NavigableMap<Integer, Path> found = found();
        var fitting = found.ceilingEntry(serverMajor);
        if (fitting == null) {
            throw new ProblemException(
                    ProblemCode.PROGRAM_MISSING,
                    "there is no pg_dump for a server of PostgreSQL " + serverMajor,
                    found.isEmpty()
                            ? "none was found in '" + installed + "' or on the PATH"
                            : "the newest found is of version " + found.lastKey()
                                    + ", and pg_dump refuses newer servers",
                    "apt install postgresql-client-" + serverMajor);
        }
        return fitting.getValue();
    }

    /// The major version of what [#pgDump] finds; empty if it finds none.
    public OptionalInt majorFor(int serverMajor) {
        Integer major = found().ceilingKey(serverMajor);
        return major == null ? OptionalInt.empty() : OptionalInt.of(major);
    }

    private NavigableMap<Integer, Path> found() {
        TreeMap<Integer, Path> found = new TreeMap<>();
        for (Path program : candidates()) {
            version(program).ifPresent(major -> found.putIfAbsent(major, program));
        }
        return found;
    }

    private List<Path> candidates() {
        List<Path> candidates = new ArrayList<>();
        if (Files.isDirectory(installed)) {
            try (Stream<Path> majors = Files.list(installed)) {
                majors.sorted().map(major -> major.resolve("bin/pg_dump")).forEach(candidates::add);
            } catch (IOException unreadable) {
                throw new ProblemException(
                        ProblemCode.PROGRAM_MISSING,
                        "'" + installed + "' cannot be searched for pg_dump",
                        unreadable.toString(),
                        "make the directory readable for this user");
            }
        }
        for (String directory : searchPath.split(File.pathSeparator, -1)) {
            if (!directory.isEmpty()) {
                candidates.add(Path.of(directory, "pg_dump"));
            }
        }
        return candidates.stream().filter(Files::isExecutable).toList();
    }

    private static Optional<Integer> version(Path program) {
        Program.Ended ended = new Program(
                        List.of(program.toString(), "--version"), Map.of(), Optional.empty(), VERSION_TIMEOUT)
                .run();
        Matcher matcher = VERSION.matcher(ended.output());
        return ended.exitCode() == 0 && matcher.find()
                ? Optional.of(Integer.parseInt(matcher.group(1)))
                : Optional.empty();
    }

    private static Map<String, String> environment(PostgresUrl url) {
        Map<String, String> environment = new HashMap<>();
        ENVIRONMENT.forEach((parameter, variable) -> {
            String value = url.parameters().get(parameter);
            if (value != null) {
                environment.put(variable, value);
            }
        });
        environment.putIfAbsent("PGCONNECT_TIMEOUT", "" + Dialer.CONNECT_TIMEOUT_DEFAULT.toSeconds());
        environment.put("PGHOST", url.host());
        environment.put("PGPORT", "" + url.port());
        environment.put("PGDATABASE", url.database());
        environment.put("PGUSER", url.user());
        environment.put("PGAPPNAME", "pgcharter pg_dump");
        // English, whatever the machine speaks: these texts end in problems.
        environment.put("LC_ALL", "C.UTF-8");
        // Without a password of ours none may come from elsewhere.
        environment.put("PGPASSFILE", "/dev/null");
        url.password().ifPresent(password -> environment.put("PGPASSWORD", password.reveal()));
        return environment;
    }
}
