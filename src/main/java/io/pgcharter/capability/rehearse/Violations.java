package io.pgcharter.capability.rehearse;

import io.pgcharter.platform.postgres.Quoting;
import io.pgcharter.platform.postgres.Session.Row;
import io.pgcharter.policy.rehearsal.Search;
import io.pgcharter.policy.rehearsal.Searches;
import io.pgcharter.policy.rehearsal.Searches.Parsing;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// Finds out which constraints a statement leaves rows against: it is carried out without them. Works in a
/// transaction of the copy that is rolled back after.
final class Violations {
    private static final int CONSTRAINTS_MOST = 5;

    /// Carries a statement out, and says in a setting which constraint it failed of, if it did: schema, table,
    /// constraint, column. The server's own words for it may be in any language.
    private static final String ATTEMPT = """
            declare
              violated_schema text;
              violated_table text;
              violated text;
              violated_column text;
            begin
              perform pg_catalog.set_config('pgcharter.violated', '', true);
              begin
                execute <statement>;
              exception when integrity_constraint_violation then
                get stacked diagnostics violated_schema = schema_name, violated_table = table_name,
                  violated = constraint_name, violated_column = column_name;
                perform pg_catalog.set_config('pgcharter.violated', pg_catalog.json_build_array(
                  violated_schema, violated_table, violated, violated_column)::text, true);
              end;
            end""";

    private static final String QUOTED = """
            case when pg_catalog.pg_table_is_visible(t.oid) then ''
              else '"' || pg_catalog.replace(n.nspname, '"', '""') || '".' end
              || '"' || pg_catalog.replace(t.relname, '"', '""') || '"'""";

    private final Stage stage;
    private final CopiedTables tables;

    Violations(Stage stage, CopiedTables tables) {
        this.stage = stage;
        this.tables = tables;
    }

    /// A constraint, and how it is taken away.
    private record Violated(Parsing added, String without) {}

    /// Questions for the rows that the statement leaves against constraints. They are to be asked right after, for
    /// it has been carried out then.
    ///
    /// @return empty if it is not known, or it fails of something else
    Optional<List<Search>> of(String sql) {
        List<Search> searches = new ArrayList<>();
        for (int round = 0; round <= CONSTRAINTS_MOST; round++) {
            stage.work("do " + Quoting.literal(ATTEMPT.replace("<statement>", Quoting.literal(sql))));
            String told = stage.worker()
                    .query("select pg_catalog.current_setting('pgcharter.violated')")
                    .getFirst()
                    .string(0);
            if (told.isEmpty()) {
                return Optional.of(searches);
            }
            Optional<Violated> violated = violated(told);
            if (violated.isEmpty() || round == CONSTRAINTS_MOST) {
                return Optional.empty();
            }
            searches.addAll(Searches.of(violated.get().added(), tables).searches());
            stage.work(violated.get().without());
        }
        throw new IllegalStateException("the last round returns");
    }

    private Optional<Violated> violated(String told) {
        Row names = stage.worker()
                .query("select j->>0, j->>1, j->>2, j->>3 from (select $1::json as j) told", told)
                .getFirst();
        if (names.string(1).isEmpty()) {
            return Optional.empty();
        }
        String table = Quoting.identifier(names.string(0), names.string(1));
        if (!names.string(3).isEmpty()) {
            String column = "alter table " + shown(table) + " alter " + Quoting.identifier(names.string(3));
            return tables.parsing(column + " set not null")
                    .map(added -> new Violated(added, column + " drop not null"));
        }
        return names.string(2).isEmpty()
                ? Optional.empty()
                : constraint(table, names.string(2)).or(() -> index(names.string(0), names.string(2)));
    }

    private String shown(String table) {
        return stage.worker()
                .query(
                        "select " + QUOTED + " from pg_catalog.pg_class t join pg_catalog.pg_namespace n"
                                + " on n.oid = t.relnamespace where t.oid = pg_catalog.to_regclass($1)",
                        table)
                .getFirst()
                .string(0);
    }

    /// That of a partition is its parent's.
    private Optional<Violated> constraint(String table, String name) {
        return stage.worker().query("""
                        with recursive up as (
                          select oid, conparentid, conrelid, conname from pg_catalog.pg_constraint
                           where conrelid = pg_catalog.to_regclass($1) and conname = $2
                          union all
                          select p.oid, p.conparentid, p.conrelid, p.conname from pg_catalog.pg_constraint p
                            join up on p.oid = up.conparentid)
                        select\s""" + QUOTED + """
                        , up.conname from up join pg_catalog.pg_class t on t.oid = up.conrelid
                          join pg_catalog.pg_namespace n on n.oid = t.relnamespace where up.conparentid = 0""", table, name).stream()
                .findFirst()
                .flatMap(row -> tables.constraint(row.string(0), row.string(1))
                        .map(added -> new Violated(
                                added,
                                "alter table " + row.string(0) + " drop constraint " + Quoting.identifier(row.string(1))
                                        + " cascade")));
    }

    private Optional<Violated> index(String schema, String name) {
        String index = Quoting.identifier(schema, name);
        return stage
                .worker()
                .query(
                        "select pg_catalog.pg_get_indexdef(indexrelid) from pg_catalog.pg_index"
                                + " where indexrelid = pg_catalog.to_regclass($1)",
                        index)
                .stream()
                .findFirst()
                .flatMap(row -> tables.parsing(row.string(0)))
                .map(added -> new Violated(added, "drop index " + index));
    }

    /// Questions for what the end of the transaction checks: the constraints that may be deferred, of the tables
    /// that were written to.
    List<Search> ofTheEnd() {
        List<Search> searches = new ArrayList<>();
        stage.worker()
                .query("""
                        with written as (
                          select relid from pg_catalog.pg_stat_xact_all_tables where n_tup_ins + n_tup_upd + n_tup_del > 0),
                        touched as (
                          select relid from written
                          union select pg_catalog.pg_partition_ancestors(relid) from written)
                        select\s""" + QUOTED + """
                        , c.conname from pg_catalog.pg_constraint c join pg_catalog.pg_class t on t.oid = c.conrelid
                          join pg_catalog.pg_namespace n on n.oid = t.relnamespace
                         where c.condeferrable and c.contype in ('f', 'u', 'p', 'x') and c.conparentid = 0
                           and (c.conrelid in (select relid from touched) or c.confrelid in (select relid from touched))
                         order by t.relname, c.conname""")
                .forEach(row -> tables.constraint(row.string(0), row.string(1))
                        .ifPresent(added ->
                                searches.addAll(Searches.of(added, tables).searches())));
        return searches;
    }
}
