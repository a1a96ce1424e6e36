package io.pgcharter.capability.maintain;

import io.pgcharter.model.operation.Run;
import io.pgcharter.platform.postgres.Quoting;
import io.pgcharter.platform.postgres.Session.Row;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// What the server's statistics say of one table.
///
/// @param isPartitioned whether it holds no rows itself; then only its partitions are counted, in `changed`
/// @param live rows, as counted since the last vacuum
/// @param dead rows that a vacuum could remove
/// @param changed rows written since the last analyze
/// @param inserted rows added since the last vacuum
/// @param xidAge transactions since its oldest row that is not frozen; 0 if it holds no rows
/// @param bytes its size when it was last vacuumed or analyzed
/// @param mayMaintain whether the role may vacuum and analyze it
record TableFacts(
        long oid,
        String schema,
        String name,
        boolean isPartitioned,
        long live,
        long dead,
        long changed,
        long inserted,
        long xidAge,
        long bytes,
        Optional<Instant> vacuumedAt,
        Optional<Instant> analyzedAt,
        boolean mayMaintain) {

    /// Without a lock on any table: sizes are those of the catalog.
    private static final String SQL = """
            select c.oid, n.nspname, c.relname, c.relkind = 'p',
              coalesce(s.n_live_tup, 0), coalesce(s.n_dead_tup, 0), coalesce(s.n_mod_since_analyze, 0),
              coalesce(s.n_ins_since_vacuum, 0), case c.relkind when 'p' then 0 else pg_catalog.age(c.relfrozenxid) end,
              greatest(c.relpages, 0)::bigint * pg_catalog.current_setting('block_size')::bigint,
              (extract(epoch from greatest(s.last_vacuum, s.last_autovacuum)) * 1000)::bigint,
              (extract(epoch from greatest(s.last_analyze, s.last_autoanalyze)) * 1000)::bigint, {may}
            from pg_catalog.pg_class c
            join pg_catalog.pg_namespace n on n.oid = c.relnamespace
            left join pg_catalog.pg_stat_all_tables s on s.relid = c.oid
            where c.relkind in ('r', 'm', 'p') and c.relpersistence <> 't'
              and n.nspname not in ('pg_catalog', 'information_schema') and n.nspname !~ '^pg_(toast|temp)'
              and ($1::oid is null or c.oid = $1::oid)
            order by c.relpages desc, c.oid""";

    /// Those who may vacuum: owner, superuser, owner of the database; from 17 on whoever was granted it.
    private static final String MAY = """
            (pg_catalog.pg_has_role(c.relowner, 'USAGE')
              or (select pg_catalog.pg_has_role(d.datdba, 'USAGE') from pg_catalog.pg_database d
                  where d.datname = pg_catalog.current_database()){granted})""";

    /// All tables of the database outside of the system's schemas, the largest first.
    static List<TableFacts> all(Workplace place) {
        place.run().check();
        try (Run.Step step = place.run().begin("looking at statistics", 0, Run.Unit.ITEMS)) {
            List<TableFacts> facts = read(place, null);
            step.add(facts.size());
            return facts;
        }
    }

    /// The same table now; empty if it is gone.
    Optional<TableFacts> again(Workplace place) {
        return read(place, Long.toString(oid)).stream().findFirst();
    }

    private static List<TableFacts> read(Workplace place, @Nullable String oid) {
        String granted = place.serverMajor() >= 17 ? " or pg_catalog.has_table_privilege(c.oid, 'MAINTAIN')" : "";
        return place.query(SQL.replace("{may}", MAY.replace("{granted}", granted)), oid).stream()
                .map(TableFacts::of)
                .toList();
    }

    private static TableFacts of(Row row) {
        return new TableFacts(
                row.number(0),
                row.string(1),
                row.string(2),
                row.bool(3),
                row.number(4),
                row.number(5),
                row.number(6),
                row.number(7),
                row.number(8),
                row.number(9),
                instant(row, 10),
                instant(row, 11),
                row.bool(12));
    }

    private static Optional<Instant> instant(Row row, int column) {
        return row.text(column) == null ? Optional.empty() : Optional.of(Instant.ofEpochMilli(row.number(column)));
    }

    /// `market.ticks`.
    String subject() {
        return schema + "." + name;
    }

    String quoted() {
        return Quoting.identifier(schema, name);
    }
}
