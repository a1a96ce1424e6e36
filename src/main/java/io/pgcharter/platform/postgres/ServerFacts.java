package io.pgcharter.platform.postgres;

import io.pgcharter.model.problem.ProblemCode;
import io.pgcharter.model.problem.ProblemException;
import io.pgcharter.platform.postgres.Session.Row;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/// What a server and a database are, as their catalogs say to the role that asks. Every role may ask; what it may not
/// see is empty.
///
/// @param version such as `15.18`
/// @param role that is logged in
/// @param inRecovery whether it is a standby
/// @param encrypted whether this connection is
/// @param databaseBytes size on disk; empty if the role may not connect to the database in the server's eyes
/// @param collation the database's `LC_COLLATE`
/// @param tables ordinary and partitioned tables outside of the system's schemas
/// @param connectionsUsed of client sessions, ours included; empty if the view is closed to the role
/// @param timeouts `statement_timeout`, `lock_timeout`, `idle_in_transaction_session_timeout`, … as they hold for this
///     session, in milliseconds, where they are not 0
public record ServerFacts(
        int major,
        String version,
        String role,
        boolean superuser,
        boolean inRecovery,
        boolean encrypted,
        String database,
        Optional<Long> databaseBytes,
        String encoding,
        String collation,
        long tables,
        int connectionsMax,
        Optional<Long> connectionsUsed,
        Map<String, Long> timeouts) {

    public ServerFacts {
        timeouts = Map.copyOf(timeouts);
    }

    /// Asks over `session`, outside of a transaction.
    public static ServerFacts read(Session session) {
        Row row = session.query("""
                        select pg_catalog.current_setting('server_version'), current_user,
                          (select rolsuper from pg_catalog.pg_roles where rolname = current_user),
                          pg_catalog.pg_is_in_recovery(), pg_catalog.current_database(),
                          pg_catalog.pg_encoding_to_char(d.encoding), d.datcollate,
                          (select count(*) from pg_catalog.pg_class c
                            where c.relkind in ('r', 'p') and c.relpersistence <> 't'
                              and c.relnamespace not in (select oid from pg_catalog.pg_namespace
                                where nspname in ('pg_catalog', 'information_schema') or nspname like 'pg\\_toast%')),
                          pg_catalog.current_setting('max_connections')
                        from pg_catalog.pg_database d where d.datname = pg_catalog.current_database()""").getFirst();
        return new ServerFacts(
                session.serverMajor(),
                row.string(0),
                row.string(1),
                row.bool(2),
                row.bool(3),
                session.encrypted(),
                row.string(4),
                ifAllowed(session, "select pg_catalog.pg_database_size(pg_catalog.current_database())"),
                row.string(5),
                row.string(6),
                row.number(7),
                Math.toIntExact(row.number(8)),
                ifAllowed(session, """
                        select count(*) from pg_catalog.pg_stat_activity
                        where backend_type = 'client backend' or backend_type is null"""),
                timeouts(session));
    }

    private static Map<String, Long> timeouts(Session session) {
        Map<String, Long> timeouts = new TreeMap<>();
        session.query("""
                        select name, setting from pg_catalog.pg_settings
                        where unit = 'ms' and setting not in ('0', '-1')
                          and name in ('statement_timeout', 'lock_timeout', 'transaction_timeout',
                            'idle_in_transaction_session_timeout', 'idle_session_timeout')""").forEach(row -> timeouts.put(row.string(0), row.number(1)));
        return timeouts;
    }

    private static Optional<Long> ifAllowed(Session session, String sql) {
        try {
            return Optional.of(session.query(sql).getFirst().number(0));
        } catch (ProblemException refused) {
            if (refused.problem().code() == ProblemCode.PRIVILEGE_MISSING) {
                return Optional.empty();
            }
            throw refused;
        }
    }
}
