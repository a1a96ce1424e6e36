package io.pgcharter.model.estate;

import java.util.List;
import java.util.Map;

/// How many connections a server gives, and who has them.
///
/// @param superuserReserved `superuser_reserved_connections`
/// @param reserved `reserved_connections`; 0 before PostgreSQL 16
/// @param walSenders `max_wal_senders`, which come on top of `maxConnections`
/// @param startedMicros when it was started: two addresses with the same instant are one server
/// @param held connections of clients now; pgcharter's own, which it knows by their name, are left out
/// @param databaseLimits `CONNECTION LIMIT` of each database; -1 for none
/// @param roleLimits the same of each role that may log in
public record ServerRoom(
        int maxConnections,
        int superuserReserved,
        int reserved,
        int walSenders,
        long startedMicros,
        List<Held> held,
        Map<String, Integer> databaseLimits,
        Map<String, Integer> roleLimits) {
    public ServerRoom {
        held = List.copyOf(held);
        databaseLimits = Map.copyOf(databaseLimits);
        roleLimits = Map.copyOf(roleLimits);
    }

    /// Connections of one role to one database.
    public record Held(String database, String user, int connections) {}
}
