package io.pgcharter.capability.sessions;

import io.pgcharter.model.id.DatabaseName;
import io.pgcharter.model.operation.Operation;
import io.pgcharter.model.operation.Report;
import io.pgcharter.model.operation.Run;
import io.pgcharter.model.problem.ProblemCode;
import io.pgcharter.model.problem.ProblemException;
import io.pgcharter.platform.postgres.PostgresUrl;
import io.pgcharter.platform.postgres.Session;
import io.pgcharter.platform.postgres.Session.Row;
import io.pgcharter.platform.postgres.StatementText;
import io.pgcharter.platform.secret.Secrets;
import io.pgcharter.policy.charter.Charter;
import io.pgcharter.policy.guard.Permit;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/// Shows who works on a server, and ends one session. Thread-safe.
public final class SessionWork {
    /// How long a session that was asked to end is watched.
    static final Duration ENDING_MAX = Duration.ofSeconds(5);

    private static final int SESSIONS_MAX = 1000;
    private static final int STATEMENT_SHOWN = 100;

    private static final String LIST =
            """
            select a.pid, %1$s, coalesce(a.backend_type, '?'), a.datname, a.usename, nullif(a.application_name, ''),
              pg_catalog.host(a.client_addr), a.state, %2$s, %3$s, a.wait_event_type || '/' || a.wait_event,
              pg_catalog.array_to_string(pg_catalog.pg_blocking_pids(a.pid), ','), a.query
            from pg_catalog.pg_stat_activity a
            where a.pid <> pg_catalog.pg_backend_pid()
              and (a.backend_type is null or a.backend_type in ('client backend', 'walsender', 'autovacuum worker',
                'parallel worker', 'logical replication worker', 'background worker'))
            order by pg_catalog.cardinality(pg_catalog.pg_blocking_pids(a.pid)), a.xact_start nulls last, a.pid
            limit %4$d""".formatted(micros("a.backend_start"), micros("a.state_change"), micros("a.xact_start"), SESSIONS_MAX);

    private static final String ONE = """
            select %s, coalesce(a.backend_type, '?'), coalesce(a.usename::text, '?'),
              coalesce(nullif(a.application_name, ''), '?'), coalesce(a.state, '?'), %s,
              a.query ~ '^autovacuum: .*\\(to prevent wraparound\\)$', a.pid = pg_catalog.pg_backend_pid()
            from pg_catalog.pg_stat_activity a where a.pid = $1::int""".formatted(micros("a.backend_start"), micros("a.query_start"));

    private final Charter charter;
    private final Secrets secrets;
    private final InstantSource clock;

    public SessionWork(Charter charter, Secrets secrets, InstantSource clock) {
        this.charter = charter;
        this.secrets = secrets;
        this.clock = clock;
    }

    /// All of its server's, at most 1000; those of other databases too, for they may block this one's.
    public Report.SessionsList list(Permit permit, Operation.SessionsList operation, Run run) {
        permit.consume(operation);
        try (Session session = open(operation.database())) {
            run.check();
            boolean mayReadAll = session.query("select pg_catalog.pg_has_role('pg_read_all_stats', 'USAGE')")
                    .getFirst()
                    .bool(0);
            List<Report.SessionRow> rows =
                    session.query(LIST).stream().map(SessionWork::row).toList();
            return new Report.SessionsList(operation.database(), mayReadAll, rows);
        }
    }

    /// Cancels what the session runs, or ends it. It must be the one that began at the time given; sessions on which
    /// more depends need a reason.
    ///
    /// @throws ProblemException `NOT_FOUND`, `SESSION_NEEDED`, `PRIVILEGE_MISSING`
    public Report.SessionsEnd end(Permit permit, Operation.SessionsEnd operation, Run run) {
        permit.consume(operation);
        try (Session session = open(operation.database())) {
            String process = Long.toString(operation.process());
            Row found = session.query(ONE, process).stream()
                    .filter(row -> instant(row.number(0)).equals(micro(operation.startedAt())))
                    .findFirst()
                    .orElseThrow(() -> gone(operation));
            refuse(operation, found);
            run.check();
            String who = found.string(2) + " (" + found.string(3) + ", " + found.string(4) + ")";
            String function = operation.force() ? "pg_terminate_backend" : "pg_cancel_backend";
            List<Row> asked = session.query(
                    "select pg_catalog." + function
                            + "(a.pid) from pg_catalog.pg_stat_activity a where a.pid = $1::int and "
                            + micros("a.backend_start") + " = $2::bigint",
                    process,
                    Long.toString(found.number(0)));
            if (asked.isEmpty() || !asked.getFirst().bool(0)) {
                throw gone(operation);
            }
            return new Report.SessionsEnd(
                    operation.database(),
                    operation.process(),
                    who,
                    operation.force(),
                    waitFor(session, operation, found, run));
        }
    }

    private boolean waitFor(Session session, Operation.SessionsEnd operation, Row before, Run run) {
        Instant until = clock.instant().plus(ENDING_MAX);
        do {
            run.check();
            List<Row> now = session.query(ONE, Long.toString(operation.process()));
            boolean isGone = now.isEmpty() || now.getFirst().number(0) != before.number(0);
            boolean isIdle = !isGone
                    && (!now.getFirst().string(4).equals("active")
                            || !String.valueOf(now.getFirst().text(5)).equals(String.valueOf(before.text(5))));
            if (isGone || (!operation.force() && isIdle)) {
                return true;
            }
            session.execute("select pg_catalog.pg_sleep(0.05)");
        } while (clock.instant().isBefore(until));
        return false;
    }

    private static void refuse(Operation.SessionsEnd operation, Row found) {
        if (operation.because().isPresent()) {
            return;
        }
        String what = found.string(1).equals("walsender")
                ? "sends the write-ahead log to a standby or an archive"
                : found.string(3).startsWith("pgcharter")
                        ? "belongs to pgcharter: a backup, a copy or maintenance"
                        : found.text(6) != null && found.bool(6)
                                ? "is an autovacuum that keeps the server from running out of transaction ids"
                                : "";
        if (!what.isEmpty()) {
            throw new ProblemException(
                    ProblemCode.SESSION_NEEDED,
                    "session " + operation.process() + " " + what,
                    found.string(2) + " (" + found.string(3) + "), " + found.string(1),
                    "if it must end all the same, say why: --because TEXT; a run of pgcharter's ends with: pgcharter cancel"
                            + " RUN");
        }
    }

    private static ProblemException gone(Operation.SessionsEnd operation) {
        return new ProblemException(
                ProblemCode.NOT_FOUND,
                "there is no session " + operation.process() + " that began at " + operation.startedAt(),
                "it has ended; a process with its number may be another's by now, and is left alone",
                "pgcharter sessions list " + operation.database());
    }

    private Session open(DatabaseName database) {
        PostgresUrl url =
                PostgresUrl.parse(secrets.resolve(charter.database(database).url()));
        Session session = Session.open(url, "sessions");
        session.execute("set statement_timeout = '10s'; set search_path = ''");
        return session;
    }

    private static Report.SessionRow row(Row row) {
        String blockers = row.text(11) == null ? "" : row.string(11);
        return new Report.SessionRow(
                row.number(0),
                row.text(1) == null ? Instant.EPOCH : instant(row.number(1)),
                row.string(2),
                text(row, 3),
                text(row, 4),
                text(row, 5),
                text(row, 6),
                text(row, 7),
                time(row, 8),
                time(row, 9),
                text(row, 10),
                Arrays.stream(blockers.split(","))
                        .filter(pid -> !pid.isEmpty())
                        .map(Long::valueOf)
                        .distinct()
                        .toList(),
                text(row, 12).filter(sql -> !sql.isBlank()).map(sql -> shortened(StatementText.withoutLiterals(sql))));
    }

    private static String shortened(String statement) {
        return statement.codePointCount(0, statement.length()) <= STATEMENT_SHOWN
                ? statement
                : statement.substring(0, statement.offsetByCodePoints(0, STATEMENT_SHOWN - 1)) + "…";
    }

    private static Optional<String> text(Row row, int column) {
        return Optional.ofNullable(row.text(column));
    }

    private static Optional<Instant> time(Row row, int column) {
        return row.text(column) == null ? Optional.empty() : Optional.of(instant(row.number(column)));
    }

    private static Instant instant(long micros) {
        return Instant.EPOCH.plus(micros, ChronoUnit.MICROS);
    }

    /// PostgreSQL's times have no more.
    private static Instant micro(Instant time) {
        return time.truncatedTo(ChronoUnit.MICROS);
    }

    private static String micros(String column) {
        return "(extract(epoch from " + column + ") * 1000000)::bigint";
    }
}
