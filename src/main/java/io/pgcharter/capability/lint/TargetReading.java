package io.pgcharter.capability.lint;

import io.pgcharter.model.sql.Parsed;
import io.pgcharter.model.sql.Script;
import io.pgcharter.platform.postgres.Session;
import io.pgcharter.platform.sql.SqlParser;
import io.pgcharter.policy.lint.Known;
import io.pgcharter.policy.lint.ObjectName;
import io.pgcharter.policy.lint.Target;
import io.pgcharter.policy.lint.Target.Size;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/// Asks a database what lint wants to know of it: the tables that files speak of, as SQL that would make them, and
/// how large and busy they are. One transaction, read-only, that waits for no lock.
final class TargetReading {
    private static final String BEGIN = "BEGIN TRANSACTION READ ONLY; SET LOCAL lock_timeout = '2s';"
            + " SET LOCAL statement_timeout = '30s'; SET LOCAL search_path = pg_catalog; SET LOCAL jit = off";

    private static final String DOMAINS = """
            select format('CREATE DOMAIN %I.%I AS %s', n.nspname, t.typname, format_type(t.typbasetype, t.typtypmod))
                || coalesce((select string_agg(' ' || pg_get_constraintdef(c.oid), '') from pg_constraint c
                              where c.contypid = t.oid and c.contype = 'c'), '')
              from pg_type t join pg_namespace n on n.oid = t.typnamespace
             where t.typtype = 'd' and n.nspname not in ('pg_catalog', 'information_schema')""";

    /// Nobody counts the transactions that used a table: they are no more than its scans and changed rows together,
    /// of which one statement may make many, and no more than the database had.
    private static final String TABLES = """
            select c.oid, n.nspname, c.relname,
                   format('CREATE TABLE %I.%I (%s)%s', n.nspname, c.relname,
                     (select string_agg(format('%I %s%s', a.attname, format_type(a.atttypid, a.atttypmod),
                               case when a.attnotnull then ' NOT NULL' else '' end), ', ' order by a.attnum)
                        from pg_attribute a where a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped),
                     case when c.relkind = 'p' then ' PARTITION BY ' || pg_get_partkeydef(c.oid) else '' end),
                   greatest(c.reltuples, 0)::bigint, pg_total_relation_size(c.oid),
                   coalesce(least(coalesce(s.seq_scan, 0) + coalesce(s.idx_scan, 0) + s.n_tup_ins + s.n_tup_upd
                       + s.n_tup_del, d.xact_commit + d.xact_rollback) / greatest(1, extract(epoch from now()
                         - coalesce(d.stats_reset, pg_postmaster_start_time()))), 0)::text
              from pg_class c
              join pg_namespace n on n.oid = c.relnamespace
              left join pg_stat_user_tables s on s.relid = c.oid
              left join pg_stat_database d on d.datname = current_database()
             where c.relkind in ('r', 'p') and n.nspname !~ '^pg_' and n.nspname <> 'information_schema'""";

    private static final String CONSTRAINTS = """
            select c.conrelid, format('ALTER TABLE %I.%I ADD CONSTRAINT %I %s', n.nspname, t.relname, c.conname,
                     pg_get_constraintdef(c.oid))
              from pg_constraint c
              join pg_class t on t.oid = c.conrelid
              join pg_namespace n on n.oid = t.relnamespace
             where c.contype in ('c', 'u', 'p', 'f', 'x') and n.nspname !~ '^pg_'""";

    private static final String INDEXES = """
            select i.indrelid, pg_get_indexdef(i.indexrelid)
              from pg_index i
              join pg_class t on t.oid = i.indrelid
              join pg_namespace n on n.oid = t.relnamespace
             where n.nspname !~ '^pg_' and n.nspname <> 'information_schema' and i.indisvalid
               and not exists (select from pg_constraint c where c.conindid = i.indexrelid and c.contype <> 'f')""";

    /// Names all of whose functions are steady; PostgreSQL's own too.
    private static final String FUNCTIONS = """
            select proname,
                   format('CREATE FUNCTION %I.%I() RETURNS void LANGUAGE sql STABLE AS $$$$', n.nspname, p.proname)
              from pg_proc p join pg_namespace n on n.oid = p.pronamespace
             where p.prokind = 'f' and n.nspname <> 'information_schema'
             group by n.nspname, p.proname
            having bool_and(p.provolatile <> 'v')""";

    private static final String REPLICAS = "select count(*) from pg_stat_replication";

    private final Session session;
    private final SqlParser parser;

    TargetReading(Session session, SqlParser parser) {
        this.session = session;
        this.parser = parser;
    }

    /// @param texts that say which tables matter: those whose names stand in one of them
    Target read(List<String> texts) {
        String spoken = String.join("\n", texts);
        session.execute(BEGIN);
        StringBuilder sql = new StringBuilder();
        session.query(DOMAINS).forEach(row -> sql.append(row.string(0)).append(";\n"));
        Map<Long, ObjectName> tables = new HashMap<>();
        Map<ObjectName, Size> sizes = new HashMap<>();
        for (Session.Row row : session.query(TABLES)) {
            if (spoken.contains(row.string(2))) {
                ObjectName name = new ObjectName(row.string(1), row.string(2));
                tables.put(row.number(0), name);
                sizes.put(name, new Size(row.number(4), row.number(5), Double.parseDouble(row.string(6))));
                sql.append(row.string(3)).append(";\n");
            }
        }
        for (String asked : List.of(CONSTRAINTS, INDEXES)) {
            session.query(asked).stream()
                    .filter(row -> tables.containsKey(row.number(0)))
                    .forEach(row -> sql.append(row.string(1)).append(";\n"));
        }
        session.query(FUNCTIONS).stream()
                .filter(row -> spoken.contains(row.string(0)))
                .forEach(row -> sql.append(row.string(1)).append(";\n"));
        int replicas = (int) session.query(REPLICAS).getFirst().number(0);
        session.execute("COMMIT");
        Known known = new Known();
        switch (parser.parse(sql.toString())) {
            case Parsed.Sql(Script script) -> known.assume(script);
            case Parsed.Broken(var error) ->
                throw new IllegalStateException("the server's own words are no SQL: " + error.message() + " at "
                        + sql.toString()
                                .lines()
                                .collect(Collectors.toList())
                                .get(error.place().line() - 1));
        }
        return new Target(session.serverMajor(), known, sizes, replicas);
    }
}
