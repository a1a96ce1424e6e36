package io.pgcharter.capability.rehearse;

import io.pgcharter.model.migration.Recorded;
import io.pgcharter.platform.history.History;
import io.pgcharter.platform.metrics.StatementTotals;
import io.pgcharter.platform.postgres.PostgresUrl;
import io.pgcharter.platform.postgres.Session;
import io.pgcharter.platform.postgres.Session.Row;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/// What a rehearsal wants to know of the database itself: read within limits, in transactions that write nothing.
///
/// @param historyTable whether there is a history of migrations
/// @param role that migrations are carried out by
/// @param isSuperuser whether the role is one
/// @param groups that the role is a member of
/// @param settings that the role's sessions begin with, of those that count for what a statement does
/// @param searchPath its original
/// @param sizes bytes of tables, by `schema.name`
/// @param statements those called most
record RealDatabase(
        List<Recorded> history,
        boolean historyTable,
        String role,
        boolean isSuperuser,
        List<String> groups,
        Map<String, String> settings,
        String searchPath,
        Map<String, Long> sizes,
        StatementTotals statements) {

    private static final String LIMITS =
            "begin transaction read only; set local lock_timeout = '2s';" + " set local statement_timeout = '30s'";

    private static final String SETTINGS = """
            select name, pg_catalog.current_setting(name) from pg_catalog.pg_settings
             where name in ('TimeZone', 'DateStyle', 'IntervalStyle', 'work_mem', 'maintenance_work_mem', 'bytea_output',
               'standard_conforming_strings', 'transform_null_equals', 'check_function_bodies', 'xmloption',
               'default_toast_compression', 'hash_mem_multiplier', 'row_security', 'quote_all_identifiers')""";

    /// Reading it takes the lightest lock on each table, for a moment.
    private static final String SIZES = """
            select n.nspname || '.' || c.relname, pg_catalog.pg_table_size(c.oid)
              from pg_catalog.pg_class c join pg_catalog.pg_namespace n on n.oid = c.relnamespace
             where c.relkind in ('r', 'm') and n.nspname !~ '^pg_' and n.nspname <> 'information_schema'""";

    static RealDatabase read(PostgresUrl url, History history) {
        try (Session session = Session.open(url, "rehearse")) {
            session.execute(LIMITS);
            Row role = session.query("select session_user, rolsuper, pg_catalog.current_setting('search_path')"
                            + " from pg_catalog.pg_roles where rolname = session_user")
                    .getFirst();
            List<String> groups = session
                    .query("select g.rolname from pg_catalog.pg_auth_members m"
                            + " join pg_catalog.pg_roles g on g.oid = m.roleid"
                            + " join pg_catalog.pg_roles r on r.oid = m.member where r.rolname = session_user")
                    .stream()
                    .map(row -> row.string(0))
                    .toList();
            Map<String, String> settings = new HashMap<>();
            session.query(SETTINGS).forEach(row -> settings.put(row.string(0), row.string(1)));
            Map<String, Long> sizes = sizes(session);
            session.execute("set local datestyle = 'ISO'");
            List<Recorded> recorded = history.read(session);
            boolean exists = history.exists(session);
            session.execute("rollback");
            return new RealDatabase(
                    recorded,
                    exists,
                    role.string(0),
                    role.bool(1),
                    groups,
                    settings,
                    role.string(2),
                    sizes,
                    StatementTotals.mostCalled(session));
        }
    }

    static Map<String, Long> sizes(Session session) {
        Map<String, Long> sizes = new HashMap<>();
        for (Row row : session.query(SIZES)) {
            if (row.text(1) != null) {
                sizes.put(row.string(0), row.number(1));
            }
        }
        return sizes;
    }
}
