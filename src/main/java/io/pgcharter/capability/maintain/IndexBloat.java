package io.pgcharter.capability.maintain;

import io.pgcharter.model.problem.ProblemCode;
import io.pgcharter.model.problem.ProblemException;
import io.pgcharter.platform.postgres.Quoting;
import io.pgcharter.platform.postgres.Session.Row;
import java.util.List;
import java.util.Optional;

/// How much of a B-tree index is empty: measured by pgstattuple where that is installed, which reads the whole
/// index, else estimated from the planner's statistics.
final class IndexBloat {
    /// What of a leaf page PostgreSQL fills when it builds an index, where the index does not say otherwise.
    private static final int FILLFACTOR_DEFAULT = 90;

    /// Per page: header of 24 bytes and special space of 16. Per entry: line pointer of 4 and header of 8 bytes,
    /// keys padded to a multiple of 8. <https://www.postgresql.org/docs/current/storage-page-layout.html>
    private static final String ESTIMATE = """
            select c.relpages::bigint, pg_catalog.current_setting('block_size')::bigint, c.reltuples::bigint,
              count(*) filter (where s.avg_width is null), coalesce(sum(s.avg_width), 0)::bigint,
              coalesce((select substr(option, 12)::int from unnest(c.reloptions) option where option like 'fillfactor=%'), $2::int)
            from pg_catalog.pg_class c
            join pg_catalog.pg_index i on i.indexrelid = c.oid
            join pg_catalog.pg_class t on t.oid = i.indrelid
            join pg_catalog.pg_namespace n on n.oid = t.relnamespace
            join pg_catalog.pg_attribute a on a.attrelid = c.oid
            left join pg_catalog.pg_stats s on s.schemaname = n.nspname and (
              s.tablename = t.relname and s.attname = (select k.attname from pg_catalog.pg_attribute k
                where k.attrelid = t.oid and k.attnum = i.indkey[a.attnum - 1] and i.indkey[a.attnum - 1] > 0)
              or s.tablename = c.relname and s.attname = a.attname)
            where c.oid = $1::oid group by c.oid, c.relpages, c.reltuples, c.reloptions""";

    private static final int PAGE_OVERHEAD = 40;
    private static final int ENTRY_OVERHEAD = 12;

    private final Workplace place;
    private boolean measures;
    private final String function;

    IndexBloat(Workplace place) {
        this.place = place;
        List<Row> schema = place.query("""
                select n.nspname from pg_catalog.pg_extension e join pg_catalog.pg_namespace n on n.oid = e.extnamespace
                where e.extname = 'pgstattuple'""");
        this.measures = !schema.isEmpty();
        this.function =
                schema.isEmpty() ? "" : Quoting.identifier(schema.getFirst().string(0), "pgstatindex");
    }

    /// @param percent of its bytes are empty though a new index would not leave them so
    /// @param isEstimate whether it was computed from statistics instead of measured
    record Measure(long bytes, int percent, boolean isEstimate) {
        String text() {
            return percent + " % of it empty (" + (isEstimate ? "an estimate from statistics" : "measured") + ")";
        }
    }

    /// Empty if it can be neither measured nor estimated.
    Optional<Measure> of(long oid) {
        if (measures) {
            try {
                return measured(oid);
            } catch (ProblemException e) {
                if (e.problem().code() == ProblemCode.PRIVILEGE_MISSING) {
                    measures = false;
                } else if (e.problem().code() != ProblemCode.TIMED_OUT
                        && e.problem().code() != ProblemCode.STATEMENT_FAILED) {
                    throw e;
                }
                // It is locked or gone: the estimate takes no lock.
            }
        }
        return estimated(oid);
    }

    private Optional<Measure> measured(long oid) {
        Row row = place.measure(
                        "select index_size, leaf_pages, avg_leaf_density, coalesce((select substr(option, 12)::int"
                                + " from pg_catalog.pg_class, unnest(reloptions) option where oid = $1::oid"
                                + " and option like 'fillfactor=%'), $2::int), deleted_pages + empty_pages"
                                + " from " + function + "($1::oid::regclass)",
                        Long.toString(oid),
                        Integer.toString(FILLFACTOR_DEFAULT))
                .getFirst();
        double density = Double.parseDouble(row.string(2));
        if (!Double.isFinite(density)) {
            // No leaf holds an entry.
            density = 0;
        }
        double pages = Math.max(1, row.number(1) + row.number(4));
        double used = row.number(1) / pages * density / row.number(3);
        return Optional.of(new Measure(row.number(0), percent(1 - used), false));
    }

    private Optional<Measure> estimated(long oid) {
        List<Row> found = place.query(ESTIMATE, Long.toString(oid), Integer.toString(FILLFACTOR_DEFAULT));
        if (found.isEmpty()
                || found.getFirst().number(3) > 0
                || found.getFirst().number(2) < 0) {
            return Optional.empty();
        }
        Row row = found.getFirst();
        long entry = ENTRY_OVERHEAD + (row.number(4) + 7) / 8 * 8;
        double perPage = (row.number(1) - PAGE_OVERHEAD) * row.number(5) / 100.0;
        double needed = 1 + Math.ceil(row.number(2) * entry / perPage);
        return Optional.of(new Measure(
                row.number(0) * row.number(1), percent(1 - needed / Math.max(1, row.number(0))), true));
    }

    private static int percent(double share) {
        return (int) Math.round(Math.clamp(share, 0, 1) * 100);
    }
}
