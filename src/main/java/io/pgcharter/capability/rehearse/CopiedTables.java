package io.pgcharter.capability.rehearse;

import io.pgcharter.model.sql.Parsed;
import io.pgcharter.platform.postgres.Quoting;
import io.pgcharter.platform.sql.SqlParser;
import io.pgcharter.policy.rehearsal.Searches;
import io.pgcharter.policy.rehearsal.Searches.Parsing;
import java.util.List;
import java.util.Optional;

/// The copy's tables as they are now. Used by one thread.
final class CopiedTables implements Searches.Schema {
    private final Stage stage;
    private final SqlParser parser;

    CopiedTables(Stage stage, SqlParser parser) {
        this.stage = stage;
        this.parser = parser;
    }

    Optional<Parsing> parsing(String sql) {
        return parser.parse(sql) instanceof Parsed.Sql(var script)
                ? Optional.of(new Parsing(script, parser.tokens(sql)))
                : Optional.empty();
    }

    private List<String> names(String sql, String table) {
        return stage.worker().query(sql, table).stream()
                .map(row -> Quoting.identifier(row.string(0)))
                .toList();
    }

    @Override
    public List<String> primaryKey(String table) {
        return names("""
                select a.attname from pg_catalog.pg_index i
                  join pg_catalog.pg_attribute a on a.attrelid = i.indrelid and a.attnum = any (i.indkey)
                 where i.indrelid = pg_catalog.to_regclass($1) and i.indisprimary
                 order by pg_catalog.array_position(i.indkey::pg_catalog.int2[], a.attnum)""", table);
    }

    @Override
    public List<String> partitionKey(String table) {
        return names("""
                select a.attname from pg_catalog.pg_partitioned_table p
                  join pg_catalog.pg_depend d on d.classid = 'pg_catalog.pg_class'::pg_catalog.regclass
                    and d.objid = p.partrelid and d.refobjid = p.partrelid and d.refobjsubid > 0 and d.objsubid = 0
                  join pg_catalog.pg_attribute a on a.attrelid = p.partrelid and a.attnum = d.refobjsubid
                 where p.partrelid = pg_catalog.to_regclass($1)
                union select a.attname from pg_catalog.pg_partitioned_table p
                  join pg_catalog.pg_attribute a on a.attrelid = p.partrelid and a.attnum = any (p.partattrs)
                 where p.partrelid = pg_catalog.to_regclass($1)""", table);
    }

    @Override
    public Optional<String> defaultPartition(String table) {
        return stage.worker().query("""
                        select n.nspname, c.relname from pg_catalog.pg_partitioned_table p
                          join pg_catalog.pg_class c on c.oid = p.partdefid
                          join pg_catalog.pg_namespace n on n.oid = c.relnamespace
                         where p.partrelid = pg_catalog.to_regclass($1)""", table).stream()
                .findFirst()
                .map(row -> Quoting.identifier(row.string(0), row.string(1)));
    }

    @Override
    public Optional<Parsing> constraint(String table, String name) {
        return stage
                .worker()
                .query(
                        "select pg_catalog.regexp_replace(pg_catalog.pg_get_constraintdef(oid), ' NOT VALID$', '')"
                                + " from pg_catalog.pg_constraint where conrelid = pg_catalog.to_regclass($1)"
                                + " and conname = $2",
                        table,
                        name)
                .stream()
                .findFirst()
                .flatMap(row -> parsing(
                        "alter table " + table + " add constraint " + Quoting.identifier(name) + " " + row.string(0)));
    }
}
