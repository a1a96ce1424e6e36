package io.pgcharter.capability.advice;

import io.pgcharter.model.operation.Report.AdviceKind;
import io.pgcharter.model.operation.Report.AdviceRow;
import io.pgcharter.model.operation.Run;
import io.pgcharter.model.problem.ProblemCode;
import io.pgcharter.model.problem.ProblemException;
import io.pgcharter.platform.postgres.Quoting;
import io.pgcharter.platform.postgres.Session;
import io.pgcharter.platform.postgres.Session.Row;
import io.pgcharter.platform.postgres.SizeText;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/// Indexes that are not there: on the columns of foreign keys, and on columns that statements ask for in large tables
/// that are read from end to end.
final class MissingIndexes {
    /// A table with fewer rows is read faster without an index.
    private static final int ROWS_MIN = 10_000;

    private static final int STATEMENTS_MAX = 200;
    private static final int ADVICE_MAX = 50;

    /// Without hypopg: an index is advised if a value is expected to be shared by at most so many of a hundred rows.
    private static final double SHARE_MAX = 0.05;

    /// Per entry: line pointer, header, a key of 8 bytes, at 90 % of a page.
    private static final double ENTRY_BYTES = 20 / 0.9;

    private final Session session;
    private final Trial trial;
    private final Run run;

    MissingIndexes(Session session, Trial trial, Run run) {
        this.session = session;
        this.trial = trial;
        this.run = run;
    }

    void advise(List<AdviceRow> advice, List<String> notes) {
        Map<String, AdviceRow> found = new LinkedHashMap<>();
        foreignKeys(found);
        statements(found, notes);
        found.values().stream().limit(ADVICE_MAX).forEach(advice::add);
    }

    // ---- foreign keys -----------------------------------------------------------------------------------------------

    private void foreignKeys(Map<String, AdviceRow> found) {
        for (Row row : session.query("""
                select n.nspname, c.relname, k.conname, pg_catalog.array_to_string(cols.names, chr(1)), c.reltuples::bigint,
                  k.confrelid::regclass::text, coalesce(p.n_tup_del, 0), coalesce(p.n_tup_upd, 0)
                from pg_catalog.pg_constraint k
                join pg_catalog.pg_class c on c.oid = k.conrelid and c.relkind in ('r', 'p')
                join pg_catalog.pg_namespace n on n.oid = c.relnamespace
                left join pg_catalog.pg_stat_all_tables p on p.relid = k.confrelid
                cross join lateral (select pg_catalog.array_agg(a.attname order by o.place) names
                  from unnest(k.conkey) with ordinality o (attnum, place)
                  join pg_catalog.pg_attribute a on a.attrelid = k.conrelid and a.attnum = o.attnum) cols
                where k.contype = 'f' and not c.relispartition and (c.reltuples >= $1::int or p.n_tup_del + p.n_tup_upd > 0)
                  and not exists (select from pg_catalog.pg_index i where i.indrelid = k.conrelid and i.indisvalid
                    and i.indpred is null
                    and (select pg_catalog.array_agg(key order by key) from unnest(
                          (i.indkey::int2[])[0:pg_catalog.cardinality(k.conkey) - 1]) key)
                      = (select pg_catalog.array_agg(key order by key) from unnest(k.conkey) key))
                order by c.reltuples desc limit $2::int""", Integer.toString(ROWS_MIN), Integer.toString(ADVICE_MAX))) {
            run.check();
            Table table = new Table(row.string(0), row.string(1), row.number(4));
            List<String> columns = Arrays.asList(row.string(3).split("\1"));
            long written = row.number(6) + row.number(7);
            String evidence = "the foreign key " + row.string(2) + " has no index: whenever a row of " + row.string(5)
                    + " is deleted, or its key updated, all " + count(table.rows()) + " rows are read ("
                    + count(written) + " deletes and updates there since statistics began)";
            put(found, table, columns, evidence, trial.of(table.quoted(), columns));
        }
    }

    // ---- statements -------------------------------------------------------------------------------------------------

    private void statements(Map<String, AdviceRow> found, List<String> notes) {
        List<Statement> statements = statementsOf(notes);
        for (Row row : session.query("""
                select n.nspname, c.relname, greatest(c.reltuples, s.n_live_tup)::bigint, c.oid, s.seq_scan, s.seq_tup_read
                from pg_catalog.pg_stat_user_tables s
                join pg_catalog.pg_class c on c.oid = s.relid
                join pg_catalog.pg_namespace n on n.oid = c.relnamespace
                where s.seq_scan > 0 and greatest(c.reltuples, s.n_live_tup) >= $1::int
                  and s.seq_tup_read / s.seq_scan >= $1::int / 2
                order by s.seq_tup_read desc limit $2::int""", Integer.toString(ROWS_MIN), Integer.toString(ADVICE_MAX))) {
            run.check();
            Table table = new Table(row.string(0), row.string(1), row.number(2));
            Map<String, Double> distinct = distinct(row.number(3));
            String read =
                    count(row.number(4)) + " times read from end to end, " + count(row.number(5)) + " rows in all";
            for (Statement statement : statements) {
                List<String> columns = WhereColumns.of(statement.text(), table.name(), List.copyOf(distinct.keySet()));
                if (!columns.isEmpty() && !isIndexed(row.number(3), columns)) {
                    judge(found, table, columns, distinct, statement.text(read));
                }
            }
        }
    }

    private void judge(
            Map<String, AdviceRow> found,
            Table table,
            List<String> columns,
            Map<String, Double> distinct,
            String evidence) {
        Optional<Trial.Costs> costs = trial.of(table.quoted(), columns);
        double share = columns.stream()
                .mapToDouble(column -> distinct.getOrDefault(column, 0.0))
                .reduce(1, (product, values) -> values > 0 ? product / values : product);
        boolean isWorthIt = costs.map(Trial.Costs::isWorthIt).orElse(share <= SHARE_MAX);
        if (isWorthIt) {
            String judged = costs.isPresent()
                    ? ""
                    : String.format(
                            Locale.ROOT,
                            "; a value is shared by %.2g %% of the rows, by statistics; the index was not tried",
                            share * 100);
            put(found, table, columns, evidence + judged, costs);
        }
    }

    private List<Statement> statementsOf(List<String> notes) {
        List<Row> extension = session.query("""
                select n.nspname from pg_catalog.pg_extension e join pg_catalog.pg_namespace n on n.oid = e.extnamespace
                where e.extname = 'pg_stat_statements'""");
        if (extension.isEmpty()) {
            notes.add("pg_stat_statements is not installed in this database, so no statement was looked at: put it into"
                    + " shared_preload_libraries, then CREATE EXTENSION pg_stat_statements");
            return List.of();
        }
        try {
            return session
                    .query(
                            "select query, calls, mean_exec_time from "
                                    + Quoting.identifier(extension.getFirst().string(0), "pg_stat_statements")
                                    + " where dbid = (select oid from pg_catalog.pg_database where datname ="
                                    + " pg_catalog.current_database()) and query ~* '\\mwhere\\M'"
                                    + " order by total_exec_time desc limit $1::int",
                            Integer.toString(STATEMENTS_MAX))
                    .stream()
                    .map(row -> new Statement(row.string(0), row.number(1), Double.parseDouble(row.string(2))))
                    .toList();
        } catch (ProblemException e) {
            if (e.problem().code() == ProblemCode.SERVER_UNREACHABLE) {
                throw e;
            }
            notes.add("pg_stat_statements cannot be read, so no statement was looked at: "
                    + e.problem().cause());
            return List.of();
        }
    }

    /// Columns of a table to how many values they have; 0 if that is not known.
    private Map<String, Double> distinct(long oid) {
        Map<String, Double> distinct = new LinkedHashMap<>();
        session.query("""
                        select a.attname, case when s.n_distinct < 0 then -s.n_distinct * greatest(c.reltuples, 1)
                          else coalesce(s.n_distinct, 0) end
                        from pg_catalog.pg_attribute a
                        join pg_catalog.pg_class c on c.oid = a.attrelid
                        join pg_catalog.pg_namespace n on n.oid = c.relnamespace
                        left join pg_catalog.pg_stats s on s.schemaname = n.nspname and s.tablename = c.relname
                          and s.attname = a.attname and s.inherited = (c.relkind = 'p')
                        where a.attrelid = $1::oid and a.attnum > 0 and not a.attisdropped""", Long.toString(oid))
                .forEach(row -> distinct.put(row.string(0), Double.parseDouble(row.string(1))));
        return distinct;
    }

    /// Whether an index begins with the first of the columns, which is as good or nearly.
    private boolean isIndexed(long oid, List<String> columns) {
        return session.query("""
                        select exists (select from pg_catalog.pg_index i
                          join pg_catalog.pg_attribute a on a.attrelid = i.indrelid and a.attnum = i.indkey[0]
                          where i.indrelid = $1::oid and i.indisvalid and i.indpred is null
                            and a.attname = any(pg_catalog.string_to_array($2, chr(1))))""", Long.toString(oid), String.join("\1", columns))
                .getFirst()
                .bool(0);
    }

    private static void put(
            Map<String, AdviceRow> found,
            Table table,
            List<String> columns,
            String evidence,
            Optional<Trial.Costs> costs) {
        String list = columns.stream().map(Quoting::identifier).collect(Collectors.joining(", "));
        long bytes = costs.map(Trial.Costs::bytes).orElse((long) (table.rows() * ENTRY_BYTES));
        List<String> sentences = new ArrayList<>(List.of(evidence));
        costs.map(Trial.Costs::text).ifPresent(sentences::add);
        found.putIfAbsent(
                table.quoted() + list,
                new AdviceRow(
                        AdviceKind.MISSING_INDEX,
                        table.schema() + "." + table.name() + " (" + String.join(", ", columns) + ")",
                        String.join("; ", sentences),
                        List.of("CREATE INDEX CONCURRENTLY ON " + table.quoted() + " (" + list + ")"),
                        "about " + SizeText.of(bytes)
                                + " of disk, and every write of these columns writes it too; building"
                                + " it reads the table twice and waits for long transactions"));
    }

    static String count(long number) {
        return String.format(Locale.ROOT, "%,d", number);
    }

    private record Table(String schema, String name, long rows) {
        String quoted() {
            return Quoting.identifier(schema, name);
        }
    }

    /// @param meanMillis how long it takes on average
    private record Statement(String text, long calls, double meanMillis) {
        String text(String read) {
            String shown = io.pgcharter.platform.postgres.StatementText.withoutLiterals(text);
            return read + "; run " + count(calls) + " times at "
                    + String.format(Locale.ROOT, "%.1f ms: ", meanMillis)
                    + (shown.length() <= 120 ? shown : shown.substring(0, 119) + "…");
        }
    }
}
