package io.pgcharter.platform.dump;

import io.pgcharter.model.id.Lsn;
import io.pgcharter.model.problem.ProblemCode;
import io.pgcharter.model.problem.ProblemException;
import io.pgcharter.platform.postgres.PostgresUrl;
import io.pgcharter.platform.postgres.Quoting;
import io.pgcharter.platform.postgres.Session;
import io.pgcharter.platform.postgres.Session.Row;
import io.pgcharter.platform.postgres.Session.RowSink;
import java.time.Instant;

/// One exported snapshot of a database: every session that reads through it sees the same instant.
///
/// No lock is held on any table but the one that is being read, so that a DDL statement of the application never
/// waits for a whole backup (and everybody else behind it). The price: a table that is truncated, rewritten or
/// dropped between the snapshot and its turn cannot be read as it was. That is noticed by its file node and ends
/// the work with `TABLE_CHANGED`; it is never read as empty.
///
/// Used by one thread, but for [#openReader()] and [#read].
public final class SourceSnapshot implements AutoCloseable {
    private final PostgresUrl url;
    private final Session session;
    private final String id;
    private final Instant takenAt;
    private final Lsn lsn;

    private SourceSnapshot(PostgresUrl url, Session session) {
        this.url = url;
        this.session = session;
        session.execute("BEGIN ISOLATION LEVEL REPEATABLE READ, READ ONLY");
        Row row = session.query("""
                SELECT pg_catalog.pg_export_snapshot(),
                       pg_catalog.to_char(pg_catalog.now() AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"'),
                       CASE WHEN pg_catalog.pg_is_in_recovery() THEN pg_catalog.pg_last_wal_replay_lsn()
                            ELSE pg_catalog.pg_current_wal_lsn() END""").getFirst();
        this.id = row.string(0);
        this.takenAt = Instant.parse(row.string(1));
        this.lsn = Lsn.parse(row.string(2));
    }

    public static SourceSnapshot open(PostgresUrl url) {
        Session session = Session.open(url, "snapshot");
        try {
            SessionSettings.reader(session);
            return new SourceSnapshot(url, session);
        } catch (RuntimeException e) {
            session.close();
            throw e;
        }
    }

    /// For `pg_dump --snapshot` and `SET TRANSACTION SNAPSHOT`.
    public String id() {
        return id;
    }

    public Instant takenAt() {
        return takenAt;
    }

    public Lsn lsn() {
        return lsn;
    }

    Session session() {
        return session;
    }

    SourceCatalog catalog() {
        return new SourceCatalog(session);
    }

    /// A session for [#read], to be closed by the caller.
    Session openReader() {
        Session reader = Session.open(url, "copy");
        try {
            SessionSettings.reader(reader);
            return reader;
        } catch (RuntimeException e) {
            reader.close();
            throw e;
        }
    }

    /// Reads one part of a table as the snapshot sees it.
    ///
    /// @param reader of [#openReader()], used by one thread
    /// @throws ProblemException `TABLE_CHANGED` if the table was dropped, truncated, rewritten or renamed since
    void read(Session reader, SourceTable.Part part, RowSink sink) {
        begin(reader);
        SourceTable table = part.table();
        try {
            reader.execute("LOCK TABLE ONLY " + table.quotedName() + " IN ACCESS SHARE MODE");
            requireUnchanged(reader, table);
            reader.copyOut(part.copyOut(), sink);
        } catch (ProblemException e) {
            throw explained(LockHolders.named(url, e), table);
        }
        reader.execute("COMMIT");
    }

    /// Runs a COPY that reads no single table.
    void copyOut(Session reader, String sql, RowSink sink) {
        begin(reader);
        reader.copyOut(sql, sink);
        reader.execute("COMMIT");
    }

    private void begin(Session reader) {
        reader.execute(
                "BEGIN ISOLATION LEVEL REPEATABLE READ, READ ONLY; SET TRANSACTION SNAPSHOT " + Quoting.literal(id));
    }

    private static void requireUnchanged(Session reader, SourceTable table) {
        String now = reader
                .query(
                        "SELECT pg_catalog.pg_relation_filenode($1::pg_catalog.regclass) WHERE $1::pg_catalog.regclass::oid = $2::oid",
                        table.quotedName(),
                        Long.toString(table.oid()))
                .stream()
                .findFirst()
                .map(row -> String.valueOf(row.text(0)))
                .orElse("another table");
        if (!now.equals(Long.toString(table.filenode()))) {
            throw changed(
                    table, "it was truncated, rewritten (ALTER TABLE, VACUUM FULL, CLUSTER) or replaced meanwhile");
        }
    }

    private static ProblemException explained(ProblemException e, SourceTable table) {
        String state = Session.sqlState(e.problem()).orElse("");
        // undefined_table, undefined_schema, undefined_column
        if (state.equals("42P01") || state.equals("3F000") || state.equals("42703")) {
            return changed(
                    table,
                    "it was dropped, renamed or altered meanwhile; "
                            + e.problem().cause());
        }
        return e;
    }

    private static ProblemException changed(SourceTable table, String cause) {
        return new ProblemException(
                ProblemCode.TABLE_CHANGED,
                "table '" + table.label() + "' changed after the snapshot was taken",
                cause,
                "run the command again; if it happens every time, choose a time without such changes");
    }

    @Override
    public void close() {
        session.close();
    }
}
