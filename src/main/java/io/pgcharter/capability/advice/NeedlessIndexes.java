package io.pgcharter.capability.advice;

import io.pgcharter.model.operation.Report.AdviceKind;
import io.pgcharter.model.operation.Report.AdviceRow;
import io.pgcharter.platform.postgres.Quoting;
import io.pgcharter.platform.postgres.Session;
import io.pgcharter.platform.postgres.Session.Row;
import io.pgcharter.platform.postgres.SizeText;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/// Indexes that every write pays for and nobody needs: equal to another, the beginning of another, or never used.
/// Each is named once, and none for whose sake another may go: whoever follows all advice loses no look-up.
final class NeedlessIndexes {
    /// Use is counted over a month at least: what is read only at the end of each would look unused.
    private static final int DAYS_MIN = 30;

    private static final long BYTES_MIN = 1L << 20;

    /// What drops of an index may break: constraints, replication, clustering. Such are never advised.
    private static final String FREE = """
            not i.indisunique and not i.indisexclusion and not i.indisreplident and not i.indisclustered and i.indisvalid
            and not exists (select from pg_catalog.pg_constraint k where k.conindid = i.indexrelid)
            and not exists (select from pg_catalog.pg_inherits h where h.inhrelid = i.indexrelid)""";

    private static final String INDEXES = """
            select n.nspname, c.relname, t.relname, greatest(c.relpages, 0)::bigint * pg_catalog.current_setting('block_size')::bigint,
              c.oid%s
            from pg_catalog.pg_index i
            join pg_catalog.pg_class c on c.oid = i.indexrelid
            join pg_catalog.pg_class t on t.oid = i.indrelid
            join pg_catalog.pg_namespace n on n.oid = c.relnamespace and n.nspname not in ('pg_catalog', 'information_schema')
              and n.nspname !~ '^pg_'
            """;

    private final Session session;

    /// Indexes that advice was given about.
    private final Set<String> advised = new HashSet<>();

    /// Indexes for whose sake others may go.
    private final Set<String> kept = new HashSet<>();

    NeedlessIndexes(Session session) {
        this.session = session;
    }

    void advise(List<AdviceRow> advice, List<String> notes) {
        duplicates(advice);
        redundant(advice);
        unused(advice, notes);
    }

    private static String indexes(String more) {
        return INDEXES.replace("%s", more);
    }

    private void duplicates(List<AdviceRow> advice) {
        // Of equal ones the first that carries a constraint, else the oldest, stays.
        for (Row row : session.query(
                indexes(", o.oid, o.relname, p.indisunique") + """
                join pg_catalog.pg_index p on p.indrelid = i.indrelid and p.indexrelid <> i.indexrelid and p.indisvalid
                  and p.indkey::text = i.indkey::text and p.indclass = i.indclass and p.indcollation = i.indcollation
                  and p.indoption::text = i.indoption::text and p.indnkeyatts = i.indnkeyatts
                  and pg_catalog.pg_get_expr(p.indexprs, p.indrelid) is not distinct from pg_catalog.pg_get_expr(i.indexprs, i.indrelid)
                  and pg_catalog.pg_get_expr(p.indpred, p.indrelid) is not distinct from pg_catalog.pg_get_expr(i.indpred, i.indrelid)
                  and (p.indisunique or p.indexrelid < i.indexrelid)
                join pg_catalog.pg_class o on o.oid = p.indexrelid and o.relam = c.relam
                where
                """ + FREE + " order by c.relpages desc limit 100")) {
            instead(
                    advice,
                    AdviceKind.DUPLICATE_INDEX,
                    row,
                    "it is the same as " + row.string(6) + (row.bool(7) ? ", which is unique besides" : ""),
                    "none for queries");
        }
    }

    private void redundant(List<AdviceRow> advice) {
        for (Row row :
                session.query(indexes(", o.oid, o.relname") + """
                join pg_catalog.pg_am a on a.oid = c.relam and a.amname = 'btree'
                join pg_catalog.pg_index p on p.indrelid = i.indrelid and p.indisvalid and p.indnkeyatts > i.indnkeyatts
                  and p.indexprs is null and p.indpred is null
                  and (p.indkey::int2[])[0:i.indnkeyatts - 1] = (i.indkey::int2[])[0:i.indnkeyatts - 1]
                  and (p.indclass::oid[])[0:i.indnkeyatts - 1] = (i.indclass::oid[])[0:i.indnkeyatts - 1]
                  and (p.indcollation::oid[])[0:i.indnkeyatts - 1] = (i.indcollation::oid[])[0:i.indnkeyatts - 1]
                  and (p.indoption::int2[])[0:i.indnkeyatts - 1] = (i.indoption::int2[])[0:i.indnkeyatts - 1]
                join pg_catalog.pg_class o on o.oid = p.indexrelid and o.relam = c.relam
                where i.indexprs is null and i.indpred is null and i.indnatts = i.indnkeyatts and
                """ + FREE + " order by c.relpages desc limit 100")) {
            instead(
                    advice,
                    AdviceKind.REDUNDANT_INDEX,
                    row,
                    "its columns are the first ones of " + row.string(6) + ", which serves the same look-ups",
                    "look-ups go to a larger index, which is a little slower if it is much larger");
        }
    }

    private void unused(List<AdviceRow> advice, List<String> notes) {
        Row since = session.query("""
                        select stats_reset is null, extract(day from pg_catalog.clock_timestamp() - stats_reset)::bigint, stats_reset::text,
                          (select count(*) from pg_catalog.pg_stat_replication), pg_catalog.pg_is_in_recovery()
                        from pg_catalog.pg_stat_database where datname = pg_catalog.current_database()""").getFirst();
        boolean isKnown = !since.bool(0);
        if (isKnown && since.number(1) < DAYS_MIN) {
            notes.add("use of indexes is counted since " + since.string(2) + " only, less than " + DAYS_MIN
                    + " days, so none is called unused");
            return;
        }
        String counted = isKnown
                ? "since " + since.string(2)
                : "since the database was made, or its server last crashed; when that was, the server does not say";
        String elsewhere = since.bool(4)
                ? "; this is a standby, and use on the primary is not counted here"
                : since.number(3) > 0
                        ? "; there are " + since.number(3) + " standbys, whose use is counted on them: look there too"
                        : "; if there are standbys, look there too";
        for (Row row : session.query(
                indexes("") + """
                join pg_catalog.pg_stat_all_indexes s on s.indexrelid = i.indexrelid and s.idx_scan = 0
                where greatest(c.relpages, 0)::bigint * pg_catalog.current_setting('block_size')::bigint >= $1::bigint and
                """ + FREE + " order by c.relpages desc limit 100", Long.toString(BYTES_MIN))) {
            if (advised.contains(row.string(4)) || kept.contains(row.string(4))) {
                continue;
            }
            advice.add(drop(
                    AdviceKind.UNUSED_INDEX,
                    row,
                    "no query has used it " + counted + elsewhere,
                    "a query that needs it once a year is slow then; a foreign key that it serves is checked slowly"));
        }
    }

    private void instead(List<AdviceRow> advice, AdviceKind kind, Row row, String evidence, String risk) {
        if (advised.add(row.string(4))) {
            kept.add(row.string(5));
            advice.add(drop(kind, row, evidence, risk));
        }
    }

    private static AdviceRow drop(AdviceKind kind, Row row, String evidence, String risk) {
        return new AdviceRow(
                kind,
                row.string(0) + "." + row.string(1) + " on " + row.string(2),
                evidence + " (" + SizeText.of(row.number(3)) + ")",
                List.of("DROP INDEX CONCURRENTLY " + Quoting.identifier(row.string(0), row.string(1))),
                "keep its definition (pg_get_indexdef) to build it again; risk: " + risk);
    }
}
