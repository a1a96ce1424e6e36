package io.pgcharter.policy.rehearsal;

/// SQL that finds rows whose value cannot become another type. Only trying tells; a value that cannot raises an
/// error, so a stretch of the table without one is tried at once, one with an error in halves, then row by row.
final class Misfits {
    private Misfits() {}

    /// Where values go that can, and the places of those that cannot. Both are temporary tables.
    ///
    /// @param type as the statement has it
    static String table(String type) {
        return "drop table if exists pg_temp.pgcharter_fitting; drop table if exists pg_temp.pgcharter_misfit;"
                + " create temporary table pgcharter_fitting (value " + type + ");"
                + " create temporary table pgcharter_misfit (leaf oid, place tid)";
    }

    /// A value is tried by storing it, for that is what the statement does: `'too long'::varchar(3)` is none that
    /// fails, storing it is.
    ///
    /// @param name by which `value` may speak of the table
    static String find(String table, String name, String value) {
        return """
                do $pgcharter$
                declare
                  leaf regclass;
                  froms bigint[];
                  tos bigint[];
                  first bigint;
                  behind bigint;
                  place tid;
                  rows text;
                begin
                  for leaf in select t.relid from pg_catalog.pg_partition_tree(%1$s) t where t.isleaf
                    union select %1$s::regclass
                  loop
                    froms := array[0];
                    tos := array[pg_catalog.pg_relation_size(leaf) / pg_catalog.current_setting('block_size')::bigint];
                    rows := 'insert into pg_temp.pgcharter_fitting select ' || %2$s || ' from only ' || leaf || ' as %3$s';
                    while pg_catalog.cardinality(froms) > 0 loop
                      first := froms[pg_catalog.cardinality(froms)];
                      behind := tos[pg_catalog.cardinality(tos)];
                      froms := froms[1:pg_catalog.cardinality(froms) - 1];
                      tos := tos[1:pg_catalog.cardinality(tos) - 1];
                      begin
                        execute rows || pg_catalog.format(' where ctid >= ''(%%s,0)'' and ctid < ''(%%s,0)''', first, behind);
                      exception when others then
                        if behind - first > 1 then
                          froms := froms || array[first, (first + behind) / 2];
                          tos := tos || array[(first + behind) / 2, behind];
                        else
                          for place in execute pg_catalog.format(
                            'select ctid from only %%s where ctid >= ''(%%s,0)'' and ctid < ''(%%s,0)''', leaf, first, behind)
                          loop
                            begin
                              execute rows || pg_catalog.format(' where ctid = %%L', place);
                            exception when others then
                              insert into pg_temp.pgcharter_misfit values (leaf, place);
                            end;
                          end loop;
                        end if;
                      end;
                    end loop;
                  end loop;
                end $pgcharter$""".formatted(literal(table), literal(value), name.replace("'", "''"));
    }

    private static String literal(String text) {
        return "'" + text.replace("'", "''") + "'";
    }
}
