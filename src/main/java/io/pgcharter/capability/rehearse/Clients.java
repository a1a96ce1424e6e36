package io.pgcharter.capability.rehearse;

import io.pgcharter.model.sql.Parsed;
import io.pgcharter.platform.metrics.StatementTotals;
import io.pgcharter.platform.postgres.Session;
import io.pgcharter.platform.sql.SqlParser;
import io.pgcharter.policy.rehearsal.Traffic;
import io.pgcharter.policy.rehearsal.Traffic.Call;
import io.pgcharter.policy.rehearsal.Traffic.Kinship;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Supplier;

/// What the database's `pg_stat_statements` tells of its clients.
///
/// @param trouble why that is nothing; empty if it is something
record Clients(Optional<Traffic> traffic, String trouble, List<String> notes) {
    /// What is below views and partitioned tables.
    private static final String BENEATH = """
            with recursive edge(upper, lower) as (
              select v.oid, d.refobjid from pg_catalog.pg_class v
                join pg_catalog.pg_rewrite r on r.ev_class = v.oid
                join pg_catalog.pg_depend d on d.classid = 'pg_catalog.pg_rewrite'::pg_catalog.regclass and d.objid = r.oid
                 and d.refclassid = 'pg_catalog.pg_class'::pg_catalog.regclass and d.refobjid <> v.oid
               where v.relkind = 'v'
              union select inhparent, inhrelid from pg_catalog.pg_inherits),
            below(upper, lower) as (
              select upper, lower from edge union select b.upper, e.lower from below b join edge e on e.upper = b.lower)""";

    private static final String REFERRING = """
            with below(upper, lower) as (
              select conrelid, confrelid from pg_catalog.pg_constraint where contype = 'f'
              union select confrelid, conrelid from pg_catalog.pg_constraint where contype = 'f')""";

    private static final String NAMES = """

            select un.nspname || '.' || u.relname, ln.nspname || '.' || l.relname
              from below b
              join pg_catalog.pg_class u on u.oid = b.upper join pg_catalog.pg_namespace un on un.oid = u.relnamespace
              join pg_catalog.pg_class l on l.oid = b.lower join pg_catalog.pg_namespace ln on ln.oid = l.relnamespace
             where l.relkind in ('r', 'p', 'm', 'f', 'v') and u.relkind in ('r', 'p', 'v')
               and un.nspname <> 'information_schema' and un.nspname !~ '^pg_'""";

    /// @param copy where the tables' kinship is asked: it is the same there
    static Clients of(RealDatabase real, Supplier<SqlParser> parser, Session copy, Instant now) {
        StatementTotals totals = real.statements();
        if (totals.trouble().isPresent()) {
            return new Clients(Optional.empty(), totals.trouble().get(), List.of());
        }
        if (totals.since().isEmpty()) {
            return new Clients(Optional.empty(), "the server does not say since when it counts", List.of());
        }
        Instant since = totals.since().get();
        double seconds = Math.max(1, Duration.between(since, now).toSeconds());
        Kinship kinship = new Kinship(
                new HashSet<>(real.sizes().keySet()), names(copy, BENEATH + NAMES), names(copy, REFERRING + NAMES));
        List<Call> calls = new ArrayList<>();
        int unread = 0;
        for (StatementTotals.Line line : totals.statements()) {
            Parsed parsed = parser.get().parse(line.raw());
            unread += parsed instanceof Parsed.Broken ? 1 : 0;
            calls.add(Traffic.call(line.cost().calls() / seconds, line.raw(), parsed, kinship));
        }
        return new Clients(
                Optional.of(new Traffic(
                        calls, "of the " + calls.size() + " statements called most, counted since " + since)),
                "",
                unread == 0
                        ? List.of()
                        : List.of(
                                unread + " statements of pg_stat_statements could not be read; they are taken to write"
                                        + " to every table that they name"));
    }

    private static Map<String, Set<String>> names(Session session, String sql) {
        Map<String, Set<String>> names = new HashMap<>();
        session.query(sql)
                .forEach(row -> names.computeIfAbsent(row.string(0), _ -> new TreeSet<>())
                        .add(row.string(1)));
        return names;
    }
}
