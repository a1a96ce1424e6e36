package io.pgcharter.platform.catalog;

import io.pgcharter.model.problem.ProblemException;
import io.pgcharter.model.schema.Catalog;
import io.pgcharter.model.schema.ObjectName;
import io.pgcharter.platform.postgres.Session;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Stream;

/// Reads a database's catalog. Needs no privilege beyond connecting.
public final class CatalogReader {
    /// The transaction sees one state, waits for nobody for long, and writes names and values in one way. Functions
    /// that print definitions take the lightest lock on what they print.
    public static final String SETTINGS = """
            set local lock_timeout = '5s'; set local statement_timeout = '60s'; set local search_path = '';
            set local quote_all_identifiers = off; set local DateStyle = 'ISO, YMD'; set local IntervalStyle = 'postgres';
            set local TimeZone = 'UTC'; set local extra_float_digits = 1; set local bytea_output = 'hex';
            set local lc_monetary = 'C'; set local standard_conforming_strings = on; set local jit = off""";

    /// Roles that this database's objects depend on, and the one that initdb made, on which nothing is recorded to
    /// depend.
    private static final String ROLES = """
            select rolname as role from pg_roles r
            where r.oid = 10 or exists (select from pg_shdepend s
              where s.refclassid = 'pg_authid'::regclass and s.refobjid = r.oid
                and s.dbid = (select oid from pg_database where datname = current_database()))""";

    private static final List<Facts> ALL = Stream.of(
                    SchemaFacts.ALL, TypeFacts.ALL, RelationFacts.ALL, RoutineFacts.ALL, SharingFacts.ALL)
            .flatMap(List::stream)
            .toList();

    private CatalogReader() {}

    /// One state of the whole catalog.
    ///
    /// @param session outside a transaction, and so it is afterwards
    /// @throws ProblemException `TIMED_OUT` if somebody holds a table locked, or the server takes too long
    public static Catalog read(Session session) {
        session.execute("begin isolation level repeatable read, read only; " + SETTINGS);
        try {
            return within(session);
        } finally {
            session.execute("rollback");
        }
    }

    /// As [#read], in the middle of a transaction, with what that has done; its settings stay.
    public static Catalog readWithin(Session session) {
        session.execute("savepoint catalog; " + SETTINGS);
        Catalog catalog = within(session);
        session.execute("rollback to savepoint catalog; release savepoint catalog");
        return catalog;
    }

    private static Catalog within(Session session) {
        int major = session.serverMajor();
        SortedSet<String> roles = new TreeSet<>();
        session.queryByName(ROLES).forEach(row -> roles.add(row.get("role")));
        SortedMap<ObjectName, SortedMap<String, String>> objects = new TreeMap<>();
        ALL.stream().filter(facts -> facts.fit(major)).forEach(facts -> collect(session, facts, objects));
        return new Catalog(major, roles, objects);
    }

    private static void collect(
            Session session, Facts facts, SortedMap<ObjectName, SortedMap<String, String>> objects) {
        for (Map<String, String> row : session.queryByName(facts.sql())) {
            SortedMap<String, String> attributes = new TreeMap<>(row);
            String name = attributes.remove("object");
            if (name == null) {
                // An object that was dropped while it was read, by who did so after our snapshot was taken.
                continue;
            }
            objects.merge(new ObjectName(facts.kind(), name), attributes, (_, _) -> {
                throw new IllegalStateException("two objects have the name '" + name + "'");
            });
        }
    }
}
