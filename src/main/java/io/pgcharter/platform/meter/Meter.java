package io.pgcharter.platform.meter;

import io.pgcharter.platform.postgres.Session;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// Four meters on one session: `pg_locks`, `pg_relation_filenode`, `pg_stat_xact_user_tables` and the WAL's
/// position. The statement measured runs in a transaction that its caller has begun and ends; what cannot run in
/// one, an [Onlooker] measures.
public final class Meter {
    private static final String WAL = "select pg_catalog.pg_current_wal_insert_lsn() - '0/0'::pg_catalog.pg_lsn";

    private final Session session;
    private final Relations first;

    /// @param session in a transaction that has done nothing yet
    public Meter(Session session) {
        this.session = session;
        this.first = Relations.read(session);
    }

    /// How many bytes of WAL a server has written since it was made.
    public static long wal(Session session) {
        return session.query(WAL).getFirst().number(0);
    }

    /// Runs a statement and reads the meters before and after.
    public Measured measure(String statement) {
        return measure(() -> session.execute(statement));
    }

    /// @param statement runs it on the session
    public Measured measure(Runnable statement) {
        Relations before = Relations.read(session);
        Map<Long, Measured.Rows> rowsBefore = Relations.rows(session, "pg_stat_xact_user_tables");
        long walBefore = wal(session);
        long begun = System.nanoTime();
        statement.run();
        Duration took = Duration.ofNanos(System.nanoTime() - begun);
        long wal = wal(session) - walBefore;
        Map<Long, Measured.Rows> rows =
                Relations.since(rowsBefore, Relations.rows(session, "pg_stat_xact_user_tables"));
        List<Lock> held = first.held(session, session.processId()).entrySet().stream()
                .map(entry -> first.lock(entry.getKey(), entry.getValue(), Optional.empty()))
                .toList();
        return new Measured(
                held, before.rewritten(Relations.read(session), first), Optional.of(first.known(rows)), wal, took);
    }
}
