package io.pgcharter.platform.dump;

import io.pgcharter.model.problem.Problem;
import io.pgcharter.model.problem.ProblemCode;
import io.pgcharter.model.problem.ProblemException;
import io.pgcharter.platform.postgres.PostgresUrl;
import io.pgcharter.platform.postgres.Session;
import io.pgcharter.platform.postgres.Session.Row;
import java.util.List;

/// Says who has a table to himself, when a reader has waited for it in vain.
final class LockHolders {
    private static final String LOCK_NOT_AVAILABLE = "55P03";

    private LockHolders() {}

    /// The problem with the table's and the session's names, if it is a lock that was waited for and is held still;
    /// else the problem as it is.
    static ProblemException named(PostgresUrl url, ProblemException e) {
        Problem problem = e.problem();
        boolean ofDump =
                problem.code() == ProblemCode.TIMED_OUT && problem.cause().contains("lock timeout");
        if (!ofDump && !Session.sqlState(problem).orElse("").equals(LOCK_NOT_AVAILABLE)) {
            return e;
        }
        try (Session session = Session.open(url, "locks")) {
            List<Row> holders = session.query("""
                    SELECT n.nspname || '.' || c.relname, l.pid, coalesce(a.usename, '?') || ' ('
                             || coalesce(nullif(a.application_name, ''), '?') || coalesce(', ' || a.state, '') || ')'
                    FROM pg_catalog.pg_locks l JOIN pg_catalog.pg_class c ON c.oid = l.relation AND c.relkind IN ('r', 'p', 'm', 'S')
                    JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace AND n.nspname <> 'pg_catalog'
                    JOIN pg_catalog.pg_database d ON d.oid = l.database AND d.datname = pg_catalog.current_database()
                    LEFT JOIN pg_catalog.pg_stat_activity a ON a.pid = l.pid
                    WHERE l.granted AND l.mode = 'AccessExclusiveLock' AND l.pid IS NOT NULL ORDER BY a.xact_start LIMIT 1""");
            return holders.isEmpty() ? e : named(holders.getFirst(), e);
        } catch (ProblemException unreachable) {
            // The lock is what to tell; that its holder could not be asked for adds nothing.
            return e;
        }
    }

    private static ProblemException named(Row holder, ProblemException e) {
        return new ProblemException(
                new Problem(
                        ProblemCode.TIMED_OUT,
                        "table '" + holder.string(0) + "' is locked by somebody else",
                        "process " + holder.number(1) + " of " + holder.string(2) + " holds it; "
                                + e.problem().cause(),
                        "wait until it has ended, or end it: select pg_terminate_backend(" + holder.number(1)
                                + "); then run it again"),
                e);
    }
}
