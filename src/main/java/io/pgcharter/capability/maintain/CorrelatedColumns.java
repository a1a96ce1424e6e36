package io.pgcharter.capability.maintain;

import io.pgcharter.model.operation.Report.Upkeep;
import io.pgcharter.model.problem.ProblemException;
import io.pgcharter.platform.postgres.Quoting;
import io.pgcharter.platform.postgres.Session.Row;
import java.util.List;

/// Finds columns that are indexed together and depend on each other, of which the planner, without extended
/// statistics, thinks that they do not: it then expects too few rows. Only says so.
final class CorrelatedColumns {
    private static final int TABLES_MAX = 20;
    private static final int SAMPLE_ROWS = 30_000;
    private static final int ROWS_MIN = 10_000;

    /// The planner's product of distinct values is called wrong when it is so many times what a sample has.
    private static final int FACTOR = 3;

    private final Workplace place;

    CorrelatedColumns(Workplace place) {
        this.place = place;
    }

    void advise() {
        for (Row pair : pairs()) {
            place.run().check();
            try {
                judge(pair);
            } catch (ProblemException unreadable) {
                // A table that is locked, gone or closed to the role is looked at another time: this is advice only.
                place.note("columns of " + pair.string(0) + "." + pair.string(1) + " were not compared: "
                        + unreadable.problem().fact());
            }
        }
    }

    /// The first two columns of indexes, of the largest tables first.
    private List<Row> pairs() {
        return place.query(
                """
                select n.nspname, c.relname, one.attname, two.attname, c.reltuples::bigint
                from pg_catalog.pg_class c
                join pg_catalog.pg_namespace n on n.oid = c.relnamespace
                join pg_catalog.pg_index i on i.indrelid = c.oid and i.indisvalid and i.indnkeyatts between 2 and 3
                join pg_catalog.pg_attribute one on one.attrelid = c.oid and one.attnum = i.indkey[0] and one.attnum > 0
                join pg_catalog.pg_attribute two on two.attrelid = c.oid and two.attnum = i.indkey[1] and two.attnum > 0
                where c.relkind in ('r', 'm') and c.reltuples >= $1::int and not i.indisunique
                  and n.nspname not in ('pg_catalog', 'information_schema') and n.nspname !~ '^pg_toast'
                  and not c.relispartition
                  and pg_catalog.has_table_privilege(c.oid, 'SELECT')
                  and not exists (select from pg_catalog.pg_statistic_ext s where s.stxrelid = c.oid
                    and s.stxkeys @> array[one.attnum, two.attnum]::int2[])
                group by 1, 2, 3, 4, 5 order by 5 desc limit $2::int""".replace(
                                "s.stxkeys @> array[one.attnum, two.attnum]::int2[]",
                                "one.attnum = any(s.stxkeys) and two.attnum = any(s.stxkeys)"),
                Integer.toString(ROWS_MIN),
                Integer.toString(TABLES_MAX));
    }

    private void judge(Row pair) {
        String one = Quoting.identifier(pair.string(2));
        String two = Quoting.identifier(pair.string(3));
        String table = Quoting.identifier(pair.string(0), pair.string(1));
        double percent = Math.min(100, 200.0 * SAMPLE_ROWS / Math.max(1, pair.number(4)));
        Row counted = place.query(
                        "select count(*), count(distinct %1$s), count(distinct %2$s), count(distinct (%1$s, %2$s))"
                                        .formatted(one, two)
                                + " from (select " + one + ", " + two + " from " + table + " tablesample system ("
                                + percent + ") limit " + SAMPLE_ROWS + ") sample")
                .getFirst();
        long rows = counted.number(0);
        long expected = Math.min(rows, counted.number(1) * counted.number(2));
        if (rows >= ROWS_MIN / 10 && counted.number(3) * FACTOR < expected) {
            place.row(
                    pair.string(0) + "." + pair.string(1),
                    Upkeep.ADVISED,
                    "of " + Needs.count(rows) + " rows " + pair.string(2) + " and " + pair.string(3) + " have "
                            + Needs.count(counted.number(3)) + " pairs of values, and the planner expects "
                            + Needs.count(expected),
                    "create statistics on their dependence: CREATE STATISTICS "
                            + Quoting.identifier(pair.string(0), shortened(pair.string(1)) + "_" + "together") + " ON "
                            + one + ", " + two + " FROM " + table + "; ANALYZE " + table);
        }
    }

    private static String shortened(String name) {
        return name.length() > 40 ? name.substring(0, 40) : name;
    }
}
