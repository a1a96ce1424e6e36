package io.pgcharter.policy.charter;

import io.pgcharter.model.id.DatabaseName;
import io.pgcharter.model.id.PoolerName;
import io.pgcharter.model.secret.SecretText;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;

/// The PgBouncers in front of the charter's databases. Section `pools` of the charter. Words that are PgBouncer's own
/// mean what they mean there (<https://www.pgbouncer.org/config.html>).
public record PoolPlan(Map<PoolerName, Pooler> poolers) {
    /// What holds where the charter says nothing.
    public static final PoolPlan NONE = new PoolPlan(Map.of());

    static final String LISTEN_DEFAULT = "127.0.0.1";
    static final int PORT_DEFAULT = 6432;
    static final String AUTH_FILE_DEFAULT = "/etc/pgbouncer/userlist.txt";

    public PoolPlan {
        poolers = Collections.unmodifiableMap(new LinkedHashMap<>(poolers));
    }

    /// One PgBouncer, or several that are run with the same settings: each of those takes the whole budget.
    ///
    /// @param budget how many connections it may take of each server; empty for what the server has room for
    /// @param databases what it serves, at least one
    /// @param authFile where PgBouncer finds who may log in
    /// @param admin `postgres://…/pgbouncer`, its console; empty where nobody watches it
    public record Pooler(
            PoolerName name,
            Listening listening,
            Mode mode,
            OptionalInt budget,
            Map<DatabaseName, Served> databases,
            Limits limits,
            String authFile,
            Optional<SecretText> admin,
            int line) {
        public Pooler {
            databases = Collections.unmodifiableMap(new LinkedHashMap<>(databases));
        }
    }

    /// Where clients connect.
    public record Listening(String address, int port) {
        @Override
        public String toString() {
            return (address.contains(":") ? "[" + address + "]" : address) + ":" + port;
        }
    }

    /// When a server connection is given back: PgBouncer's `pool_mode`.
    public enum Mode {
        SESSION,
        TRANSACTION,
        STATEMENT
    }

    /// @param clientsMax `max_client_conn`; empty for ten clients a server connection, and 100 at least
    /// @param poolMin `min_pool_size`
    /// @param reserve `reserve_pool_size`
    public record Limits(OptionalInt clientsMax, int poolMin, int reserve) {
        static final Limits DEFAULT = new Limits(OptionalInt.empty(), 0, 0);
    }

    /// What one database gets. PgBouncer has a pool for each user of each database.
    ///
    /// @param share of what the budget leaves to those without sizes of their own
    /// @param poolSize `pool_size`; empty to have it computed
    /// @param connectionsMax `max_db_connections`, the hard stop over all of its pools; empty to have it computed
    /// @param users who connects through the pooler; empty where nobody says
    public record Served(int share, OptionalInt poolSize, OptionalInt connectionsMax, List<String> users) {
        static final int SHARE_DEFAULT = 1;

        public Served {
            users = List.copyOf(users);
        }

        /// How many pools it is planned to have.
        public int pools() {
            return Math.max(1, users.size());
        }
    }
}
