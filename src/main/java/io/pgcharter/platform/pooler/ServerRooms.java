package io.pgcharter.platform.pooler;

import io.pgcharter.model.estate.ServerRoom;
import io.pgcharter.model.estate.ServerRoom.Held;
import io.pgcharter.platform.postgres.PostgresUrl;
import io.pgcharter.platform.postgres.Session;
import io.pgcharter.platform.postgres.Session.Row;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/// How much room servers have.
public final class ServerRooms {
    private static final Duration SILENCE_MAX = Duration.ofSeconds(30);

    private ServerRooms() {}

    /// Asks a server; any role that may log in sees all of it. Where a role does not see what kind another's session
    /// is, the session counts as a client's.
    ///
    /// @throws ProblemException if it cannot be asked
    public static ServerRoom of(PostgresUrl url) {
        try (Session session = Session.open(url, "pools")) {
            session.limitSilence(SILENCE_MAX);
            Row settings = session.query("""
                            select current_setting('max_connections'), current_setting('superuser_reserved_connections'),
                              coalesce(current_setting('reserved_connections', true), '0'), current_setting('max_wal_senders'),
                              (extract(epoch from pg_catalog.pg_postmaster_start_time()) * 1000000)::bigint""").getFirst();
            List<Held> held = session.query("""
                            select coalesce(datname, ''), coalesce(usename, ''), count(*) from pg_catalog.pg_stat_activity
                            where datid is not null and coalesce(backend_type, 'client backend') = 'client backend'
                              and coalesce(application_name, '') not like 'pgcharter %'
                            group by 1, 2 order by 3 desc, 1, 2""").stream()
                    .map(row -> new Held(row.string(0), row.string(1), (int) row.number(2)))
                    .toList();
            return new ServerRoom(
                    (int) settings.number(0),
                    (int) settings.number(1),
                    (int) settings.number(2),
                    (int) settings.number(3),
                    settings.number(4),
                    held,
                    limits(session, "select datname, datconnlimit from pg_catalog.pg_database where datallowconn"),
                    limits(session, "select rolname, rolconnlimit from pg_catalog.pg_roles where rolcanlogin"));
        }
    }

    private static Map<String, Integer> limits(Session session, String sql) {
        Map<String, Integer> limits = new HashMap<>();
        session.query(sql).forEach(row -> limits.put(row.string(0), (int) row.number(1)));
        return limits;
    }
}
