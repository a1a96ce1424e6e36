package io.pgcharter.platform.meter;

import io.pgcharter.model.sql.LockMode;
import io.pgcharter.platform.postgres.Session;
import io.pgcharter.platform.postgres.Session.Row;
import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/// The relations that are in a database at one moment, by their ids: names, owners and files.
public final class Relations {
    /// The table that a relation belongs to: an index to its own, a TOAST table to the one it stores for.
    private static final String SQL = """
            with owned as (
              select c.oid, c.relkind, pg_catalog.pg_relation_filenode(c.oid) as file,
                     coalesce(i.indrelid, t.oid, c.oid) as owner
                from pg_catalog.pg_class c
                left join pg_catalog.pg_index i on i.indexrelid = c.oid
                left join pg_catalog.pg_class t on t.reltoastrelid = c.oid
               where c.relkind in ('r', 'p', 'm', 'i', 'I', 't', 'v', 'f'))
            select o.oid, n.nspname || '.' || c.relname, rn.nspname || '.' || r.relname, coalesce(o.file, 0), o.relkind
              from owned o
              join pg_catalog.pg_class c on c.oid = o.owner
              join pg_catalog.pg_namespace n on n.oid = c.relnamespace
              join pg_catalog.pg_class r on r.oid = o.oid
              join pg_catalog.pg_namespace rn on rn.oid = r.relnamespace
             where n.nspname !~ '^pg_' and n.nspname <> 'information_schema'""";

    private static final String LOCKS = """
            select l.relation, l.mode from pg_catalog.pg_locks l
             where l.pid = $1::int and l.locktype = 'relation' and l.granted
               and l.database = (select oid from pg_catalog.pg_database where datname = pg_catalog.current_database())""";

    private final Map<Long, Relation> byId;

    private Relations(Map<Long, Relation> byId) {
        this.byId = byId;
    }

    /// @param table `schema.name` of the one it belongs to
    /// @param kind as in `pg_class.relkind`
    private record Relation(String name, String table, long file, String kind) {}

    public static Relations read(Session session) {
        Map<Long, Relation> byId = new HashMap<>();
        for (Row row : session.query(SQL)) {
            byId.put(row.number(0), new Relation(row.string(2), row.string(1), row.number(3), row.string(4)));
        }
        return new Relations(byId);
    }

    /// What a process holds now on relations that were there then, by their ids.
    ///
    /// @param process as in `pg_stat_activity.pid`
    Map<Long, LockMode> held(Session session, int process) {
        Map<Long, LockMode> held = new HashMap<>();
        for (Row row : session.query(LOCKS, Integer.toString(process))) {
            Relation relation = byId.get(row.number(0));
            if (relation != null && !relation.kind().equals("t")) {
                held.merge(row.number(0), LockMode.ofCatalog(row.string(1)), LockMode::strongest);
            }
        }
        return held;
    }

    Lock lock(long id, LockMode mode, Optional<Duration> seen) {
        Relation relation = byId.get(id);
        if (relation == null) {
            throw new IllegalArgumentException("no relation has the id " + id);
        }
        return new Lock(relation.name(), relation.kind().equals("v") ? "" : relation.table(), mode, seen);
    }

    /// Tables of which a file is another one later.
    ///
    /// @param names by which tables were known at first
    Set<String> rewritten(Relations later, Relations names) {
        Set<String> rewritten = new HashSet<>();
        later.byId.forEach((id, after) -> {
            Relation then = byId.get(id);
            Relation first = names.byId.get(id);
            if (then != null && first != null && then.file() != after.file()) {
                rewritten.add(first.table());
            }
        });
        return rewritten;
    }

    /// Of rows by the names that tables have now, those of tables that were there, by the names they had.
    Map<String, Measured.Rows> known(Map<Long, Measured.Rows> rows) {
        Map<String, Measured.Rows> known = new HashMap<>();
        rows.forEach((id, count) -> {
            Relation relation = byId.get(id);
            if (relation != null) {
                known.put(relation.table(), count);
            }
        });
        return known;
    }

    /// Rows of tables as statistics have them.
    ///
    /// @param view `pg_stat_xact_user_tables` or `pg_stat_user_tables`
    static Map<Long, Measured.Rows> rows(Session session, String view) {
        Map<Long, Measured.Rows> rows = new HashMap<>();
        List<Row> all = session.query("select relid, coalesce(seq_tup_read, 0), n_tup_ins, n_tup_upd, n_tup_del"
                + " from pg_catalog." + view);
        all.forEach(row ->
                rows.put(row.number(0), new Measured.Rows(row.number(1), row.number(2), row.number(3), row.number(4))));
        return rows;
    }

    static Map<Long, Measured.Rows> since(Map<Long, Measured.Rows> before, Map<Long, Measured.Rows> after) {
        Map<Long, Measured.Rows> since = new HashMap<>();
        after.forEach((id, count) -> {
            Measured.Rows more = count.since(before.getOrDefault(id, Measured.Rows.NONE));
            if (!more.equals(Measured.Rows.NONE)) {
                since.put(id, more);
            }
        });
        return since;
    }
}
