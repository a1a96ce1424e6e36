package io.pgcharter.policy.pool;

import io.pgcharter.model.estate.ServerRoom;
import io.pgcharter.model.id.DatabaseName;
import io.pgcharter.policy.charter.PoolPlan;
import io.pgcharter.policy.charter.PoolPlan.Pooler;
import io.pgcharter.policy.charter.PoolPlan.Served;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/// What pools are sized by.
///
/// @param file the charter's, for messages
/// @param endpoints of every database that any pooler serves
/// @param rooms by server, at least those of the poolers that are sized
public record Situation(
        String file, PoolPlan plan, Map<DatabaseName, Endpoint> endpoints, Map<String, ServerRoom> rooms) {
    public Situation {
        endpoints = Map.copyOf(endpoints);
        rooms = Map.copyOf(rooms);
    }

    Endpoint endpoint(DatabaseName name) {
        return Objects.requireNonNull(endpoints.get(name), "a database of a pooler without its address");
    }

    ServerRoom room(String server) {
        return Objects.requireNonNull(rooms.get(server), "a server of a pooler that was not asked");
    }

    static Served served(Pooler pooler, Endpoint endpoint) {
        return Objects.requireNonNull(pooler.databases().get(endpoint.name()), "a database the pooler does not serve");
    }

    List<String> servers(Pooler pooler) {
        return pooler.databases().keySet().stream()
                .map(name -> endpoint(name).server())
                .distinct()
                .toList();
    }

    /// Of one pooler, in the charter's order.
    List<Endpoint> on(String server, Pooler pooler) {
        return pooler.databases().keySet().stream()
                .map(this::endpoint)
                .filter(endpoint -> endpoint.server().equals(server))
                .toList();
    }

    /// All poolers that take connections of a server.
    List<Pooler> of(String server) {
        return plan.poolers().values().stream()
                .filter(pooler -> servers(pooler).contains(server))
                .toList();
    }
}
