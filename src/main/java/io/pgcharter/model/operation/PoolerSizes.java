package io.pgcharter.model.operation;

import io.pgcharter.model.id.DatabaseName;
import io.pgcharter.model.id.PoolerName;
import java.util.List;

/// The sizes of one pooler, in [Report.Pools]. Words of PgBouncer's settings mean what they mean there.
///
/// @param listen where clients connect, as `127.0.0.1:6432`
/// @param mode `session`, `transaction` or `statement`
/// @param budgets one for each server
/// @param users those whose roles have a connection limit
/// @param notes what a person should know before using it
/// @param ini the whole file `pgbouncer.ini`
public record PoolerSizes(
        PoolerName pooler,
        String listen,
        String mode,
        int maxClientConn,
        List<Budget> budgets,
        List<Pools> pools,
        List<User> users,
        List<String> notes,
        String ini) {
    public PoolerSizes {
        budgets = List.copyOf(budgets);
        pools = List.copyOf(pools);
        users = List.copyOf(users);
        notes = List.copyOf(notes);
    }

    /// How many connections of a server the pooler may take.
    ///
    /// @param stated whether the charter says so; else what the evidence leaves
    /// @param used how many its pools take at most, in all
    /// @param evidence adds up to what there is room for
    public record Budget(String server, int connections, boolean stated, int used, List<Evidence> evidence) {
        public Budget {
            evidence = List.copyOf(evidence);
        }
    }

    /// @param connections negative where they are taken away
    public record Evidence(String what, int connections) {}

    /// The pools of one database.
    ///
    /// @param database as the charter names it, and clients do
    /// @param name as the server names it
    /// @param users who have a pool each; empty where nobody says
    public record Pools(
            DatabaseName database,
            String server,
            String name,
            List<String> users,
            int poolSize,
            int reservePoolSize,
            int maxDbConnections) {
        public Pools {
            users = List.copyOf(users);
        }
    }

    /// A user who may have so many connections in all pools together.
    public record User(String user, int maxUserConnections) {}
}
