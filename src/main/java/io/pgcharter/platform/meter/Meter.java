package io.pgcharter.platform.meter;

import io.pgcharter.model.sql.LockMode;
import io.pgcharter.platform.postgres.Session;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;

/// Four meters on one session: `pg_locks`, `pg_relation_filenode`, `pg_stat_xact_user_tables` and the WAL's
/// position. The statement measured runs in a transaction that its caller has begun and ends; so what cannot run in
/// one cannot be measured here.
public final class Meter {
    /// The table that a relation belongs to: an index to its own, a TOAST table to the one it stores for.
    private static final String OWNED = """
            with owned as (
              select c.oid, c.relkind, pg_relation_filenode(c.oid) as file,
                     coalesce(i.indrelid, t.oid, c.oid) as owner
                from pg_catalog.pg_class c
                left join pg_catalog.pg_index i on i.indexrelid = c.oid
                left join pg_catalog.pg_class t on t.reltoastrelid = c.oid
               where c.relkind in ('r', 'p', 'm', 'i', 'I', 't'))
            """;

    private static final String FILES = OWNED + """
            select o.oid, n.nspname || '.' || c.relname, coalesce(o.file, 0), o.oid = o.owner
              from owned o
              join pg_catalog.pg_class c on c.oid = o.owner
              join pg_catalog.pg_namespace n on n.oid = c.relnamespace
             where n.nspname !~ '^pg_' and n.nspname <> 'information_schema'""";

    private static final String LOCKS = """
            select l.relation, l.mode
              from pg_catalog.pg_locks l
             where l.pid = pg_backend_pid() and l.locktype = 'relation' and l.granted
               and l.database = (select oid from pg_catalog.pg_database where datname = current_database())""";

    private static final String ROWS = """
            select schemaname || '.' || relname, coalesce(seq_tup_read, 0)
              from pg_catalog.pg_stat_xact_user_tables""";

    private static final String WAL = "select pg_current_wal_insert_lsn() - '0/0'::pg_lsn";

    private final Session session;

    /// @param session in a transaction
    public Meter(Session session) {
        this.session = session;
    }

    /// Runs a statement and reads the meters before and after.
    public Measured measure(String statement) {
        Map<Long, Relation> before = files();
        Map<String, Long> rowsBefore = rows();
        long walBefore = session.query(WAL).getFirst().number(0);
        session.execute(statement);
        long wal = session.query(WAL).getFirst().number(0) - walBefore;
        return new Measured(locks(before), rewritten(before), read(rowsBefore, before), wal);
    }

    /// A relation's file, and the name of the table it belongs to.
    ///
    /// @param itself whether it is that table
    private record Relation(String owner, long file, boolean itself) {}

    private Map<Long, Relation> files() {
        Map<Long, Relation> files = new HashMap<>();
        session.query(FILES)
                .forEach(row -> files.put(row.number(0), new Relation(row.string(1), row.number(2), row.bool(3))));
        return files;
    }

    private Map<String, LockMode> locks(Map<Long, Relation> before) {
        Map<String, LockMode> locks = new HashMap<>();
        session.query(LOCKS).forEach(row -> {
            Relation relation = before.get(row.number(0));
            if (relation != null && relation.itself()) {
                locks.merge(relation.owner(), LockMode.ofCatalog(row.string(1)), LockMode::strongest);
            }
        });
        return locks;
    }

    private Set<String> rewritten(Map<Long, Relation> before) {
        Set<String> rewritten = new HashSet<>();
        files().forEach((oid, after) -> {
            Relation then = before.get(oid);
            if (then != null && then.file() != after.file()) {
                rewritten.add(then.owner());
            }
        });
        return rewritten;
    }

    private Map<String, Long> rows() {
        Map<String, Long> rows = new HashMap<>();
        session.query(ROWS).forEach(row -> rows.put(row.string(0), row.number(1)));
        return rows;
    }

    private Map<String, Long> read(Map<String, Long> before, Map<Long, Relation> there) {
        Set<String> old = new HashSet<>();
        there.values().forEach(relation -> old.add(relation.owner()));
        Map<String, Long> read = new HashMap<>();
        rows().forEach((table, count) -> {
            long more = count - before.getOrDefault(table, 0L);
            if (more > 0 && old.contains(table)) {
                read.put(table, more);
            }
        });
        return read;
    }
}
