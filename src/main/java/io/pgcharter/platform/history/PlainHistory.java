package io.pgcharter.platform.history;

import io.pgcharter.model.migration.Migration;
import io.pgcharter.model.migration.Recorded;
import io.pgcharter.model.migration.Recorded.State;
import io.pgcharter.model.migration.Version;
import io.pgcharter.platform.postgres.Session;
import java.math.BigInteger;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;

/// `pgcharter_migrations`, our own. A row is never removed: what was undone has `undone_at`.
public record PlainHistory(String schema) implements History {
    /// `pgcm`, with the table's name behind it.
    private static final long LOCK = 0x7067_636DL << 32;

    @Override
    public String tableName() {
        return "pgcharter_migrations";
    }

    @Override
    public long lock() {
        return LOCK + Integer.toUnsignedLong(table().hashCode());
    }

    @Override
    public String searchPath(String original) {
        return SearchPath.schemaFirst(schema, original);
    }

    @Override
    public void create(Session session) {
        session.execute("""
                create table %s (
                    id bigint generated always as identity primary key,
                    name varchar(255) not null,
                    checksum char(64) not null,
                    started_at timestamptz not null default pg_catalog.clock_timestamp(),
                    finished_at timestamptz,
                    undone_at timestamptz,
                    undoing boolean not null default false,
                    steps integer not null default 0,
                    log text,
                    applied_by text not null default current_user
                )""".formatted(table()));
    }

    @Override
    public List<Recorded> read(Session session) {
        if (!exists(session)) {
            return List.of();
        }
        return session
                .query("select id, name, checksum, finished_at is not null, steps, coalesce(log, ''),"
                        + " pg_catalog.floor(extract(epoch from started_at) * 1000)::bigint, undoing from " + table()
                        + " where undone_at is null order by id")
                .stream()
                .map(row -> new Recorded(
                        row.string(0),
                        row.string(1),
                        version(row.string(1)),
                        Optional.empty(),
                        Optional.of(row.string(2)),
                        row.bool(3) ? State.APPLIED : State.FAILED,
                        OptionalInt.of((int) row.number(4)),
                        row.bool(7),
                        row.string(5),
                        Rows.instant(row.text(6))))
                .toList();
    }

    private static Version version(String name) {
        String digits = name.replaceFirst("[^0-9].*$", "");
        return digits.isEmpty() ? Version.of(name) : new Version(List.of(new BigInteger(digits)), "");
    }

    @Override
    public void applied(Session session, Migration migration, Duration took) {
        insert(session, migration, true);
    }

    @Override
    public String begun(Session session, Migration migration) {
        return insert(session, migration, false);
    }

    private String insert(Session session, Migration migration, boolean isDone) {
        return session.query(
                        "insert into " + table() + " (name, checksum, finished_at) values ($1, $2, case when " + isDone
                                + " then pg_catalog.clock_timestamp() end) returning id",
                        migration.name(),
                        migration.checksum())
                .getFirst()
                .string(0);
    }

    @Override
    public void progress(Session session, String key, int steps) {
        session.query("update " + table() + " set steps = $2::int where id = $1::bigint", key, Integer.toString(steps));
    }

    @Override
    public void ended(Session session, String key, Duration took) {
        session.query(
                "update " + table() + " set finished_at = pg_catalog.clock_timestamp(), log = null"
                        + " where id = $1::bigint",
                key);
    }

    @Override
    public void broke(Session session, String key, String log) {
        session.query("update " + table() + " set log = $2 where id = $1::bigint", key, log);
    }

    /// What left nothing behind is pending as before.
    @Override
    public void failed(Session session, Migration migration, String log) {
        // No row: see above.
    }

    @Override
    public void reopened(Session session, Recorded recorded) {
        session.query(
                "update " + table() + " set finished_at = null, steps = 0, undoing = true where id = $1::bigint",
                recorded.key());
    }

    @Override
    public void undone(Session session, Recorded recorded) {
        undone(session, recorded.name());
    }

    private void undone(Session session, String name) {
        session.query(
                "update " + table() + " set undone_at = pg_catalog.clock_timestamp()"
                        + " where name = $1 and undone_at is null",
                name);
    }

    @Override
    public void rolledBack(Session session, Recorded recorded) {
        undone(session, recorded);
    }

    @Override
    public void forgotten(Session session, Recorded recorded) {
        undone(session, recorded);
    }

    @Override
    public void settled(Session session, Migration migration) {
        undone(session, migration.name());
        applied(session, migration, Duration.ZERO);
    }

    @Override
    public void baseline(Session session, List<Migration> reached) {
        reached.forEach(migration -> settled(session, migration));
    }
}
