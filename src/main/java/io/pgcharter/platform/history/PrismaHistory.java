package io.pgcharter.platform.history;

import io.pgcharter.model.migration.Migration;
import io.pgcharter.model.migration.Recorded;
import io.pgcharter.model.migration.Recorded.State;
import io.pgcharter.model.migration.Version;
import io.pgcharter.platform.postgres.Quoting;
import io.pgcharter.platform.postgres.Session;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.UUID;

/// `_prisma_migrations`. Its rows are not unique by name: one that was rolled back stays, and another one comes.
///
/// Source: prisma-engines, sql-schema-connector/src/flavour/postgres.rs and
/// schema-connector/src/migration_persistence.rs.
public record PrismaHistory(String schema) implements History {
    /// What `logs` begins with while it is undone.
    private static final String UNDOING = "pgcharter undoes it";

    @Override
    public String tableName() {
        return "_prisma_migrations";
    }

    @Override
    public long lock() {
        return 72_707_369;
    }

    @Override
    public String searchPath(String original) {
        return Quoting.identifier(schema);
    }

    @Override
    public void create(Session session) {
        session.execute("""
                CREATE TABLE %s (
                    id                      VARCHAR(36) PRIMARY KEY NOT NULL,
                    checksum                VARCHAR(64) NOT NULL,
                    finished_at             TIMESTAMPTZ,
                    migration_name          VARCHAR(255) NOT NULL,
                    logs                    TEXT,
                    rolled_back_at          TIMESTAMPTZ,
                    started_at              TIMESTAMPTZ NOT NULL DEFAULT now(),
                    applied_steps_count     INTEGER NOT NULL DEFAULT 0
                )""".formatted(table()));
    }

    @Override
    public List<Recorded> read(Session session) {
        if (!exists(session)) {
            return List.of();
        }
        return session
                .query("select id, migration_name, checksum, finished_at is not null, applied_steps_count,"
                        + " coalesce(logs, ''), pg_catalog.floor(extract(epoch from started_at) * 1000)::bigint from "
                        + table() + " where rolled_back_at is null order by started_at, migration_name")
                .stream()
                .map(row -> new Recorded(
                        row.string(0),
                        row.string(1),
                        Version.of(row.string(1)),
                        Optional.empty(),
                        Optional.of(row.string(2)),
                        row.bool(3) ? State.APPLIED : State.FAILED,
                        OptionalInt.of((int) row.number(4)),
                        row.string(5).startsWith(UNDOING),
                        row.string(5),
                        Rows.instant(row.text(6))))
                .toList();
    }

    @Override
    public void applied(Session session, Migration migration, Duration took) {
        String key = begun(session, migration);
        ended(session, key, took);
    }

    @Override
    public String begun(Session session, Migration migration) {
        String key = UUID.randomUUID().toString();
        session.query(
                "insert into " + table() + " (id, checksum, started_at, migration_name)"
                        + " values ($1, $2, pg_catalog.clock_timestamp(), $3)",
                key,
                migration.checksum(),
                migration.name());
        return key;
    }

    @Override
    public void progress(Session session, String key, int steps) {
        session.query(
                "update " + table() + " set applied_steps_count = $2::int where id = $1", key, Integer.toString(steps));
    }

    /// Prisma counts a file as one step.
    @Override
    public void ended(Session session, String key, Duration took) {
        session.query(
                "update " + table() + " set finished_at = pg_catalog.clock_timestamp(), applied_steps_count = 1,"
                        + " logs = null where id = $1",
                key);
    }

    @Override
    public void broke(Session session, String key, String log) {
        session.query(
                "update " + table()
                        + " set logs = case when pg_catalog.starts_with(logs, $3) then $3 || ': ' else '' end"
                        + " || $2 where id = $1",
                key,
                log,
                UNDOING);
    }

    @Override
    public void failed(Session session, Migration migration, String log) {
        broke(session, begun(session, migration), log);
    }

    @Override
    public void reopened(Session session, Recorded recorded) {
        session.query(
                "update " + table() + " set finished_at = null, applied_steps_count = 0, logs = $2 where id = $1",
                recorded.key(),
                UNDOING);
    }

    /// The row goes: to one with `rolled_back_at`, `prisma migrate status` says that all is up to date.
    @Override
    public void undone(Session session, Recorded recorded) {
        session.query("delete from " + table() + " where id = $1", recorded.key());
    }

    @Override
    public void rolledBack(Session session, Recorded recorded) {
        rolledBack(session, recorded.name());
    }

    private void rolledBack(Session session, String name) {
        session.query(
                "update " + table() + " set rolled_back_at = pg_catalog.clock_timestamp()"
                        + " where migration_name = $1 and rolled_back_at is null",
                name);
    }

    @Override
    public void forgotten(Session session, Recorded recorded) {
        rolledBack(session, recorded);
    }

    @Override
    public void settled(Session session, Migration migration) {
        rolledBack(session, migration.name());
        session.query(
                "insert into " + table()
                        + " (id, checksum, started_at, finished_at, migration_name, applied_steps_count, logs)"
                        + " select $1, $2, at, at, $3, 0, '' from pg_catalog.clock_timestamp() at",
                UUID.randomUUID().toString(),
                migration.checksum(),
                migration.name());
    }

    @Override
    public void baseline(Session session, List<Migration> reached) {
        reached.forEach(migration -> settled(session, migration));
    }
}
