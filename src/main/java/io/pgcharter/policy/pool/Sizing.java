package io.pgcharter.policy.pool;

import io.pgcharter.model.estate.ServerRoom;
import io.pgcharter.model.estate.ServerRoom.Held;
import io.pgcharter.model.id.DatabaseName;
import io.pgcharter.model.operation.PoolerSizes;
import io.pgcharter.model.problem.ProblemCode;
import io.pgcharter.model.problem.ProblemException;
import io.pgcharter.policy.charter.PoolPlan.Pooler;
import io.pgcharter.policy.charter.PoolPlan.Served;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;

/// The sizes of one pooler's pools: the budget of each server, divided among its databases. Whatever number of users
/// comes, `max_db_connections` of all databases together is no more than the budget. Pure.
public final class Sizing {
    /// Clients for each server connection, where the charter does not say: most of them think, or wait for a network.
    private static final int CLIENTS_PER_CONNECTION = 10;

    private static final int CLIENTS_MIN = 100;

    private final Pooler pooler;
    private final Situation situation;
    private final List<String> notes = new ArrayList<>();

    private Sizing(Pooler pooler, Situation situation) {
        this.pooler = pooler;
        this.situation = situation;
    }

    /// @param users those whose roles have a limit
    public record Sizes(
            List<PoolerSizes.Budget> budgets,
            List<PoolerSizes.Pools> pools,
            List<PoolerSizes.User> users,
            int clientsMax,
            List<String> notes) {
        public Sizes {
            budgets = List.copyOf(budgets);
            pools = List.copyOf(pools);
            users = List.copyOf(users);
            notes = List.copyOf(notes);
        }
    }

    /// @throws ProblemException `POOL_BUDGET_EXCEEDED` if the pools do not fit, `CHARTER_INVALID` if one server has two
    ///     names
    public static Sizes of(Pooler pooler, Situation situation) {
        return new Sizing(pooler, situation).sizes();
    }

    private Sizes sizes() {
        oneNameEach();
        List<PoolerSizes.Budget> budgets = new ArrayList<>();
        List<PoolerSizes.Pools> pools = new ArrayList<>();
        for (String server : situation.servers(pooler)) {
            Budgets.Budget budget = new Budgets(situation, server).of(pooler);
            List<PoolerSizes.Pools> sized = divide(server, budget.connections());
            int used =
                    sized.stream().mapToInt(PoolerSizes.Pools::maxDbConnections).sum();
            budgets.add(new PoolerSizes.Budget(
                    server, budget.connections(), pooler.budget().isPresent(), used, budget.evidence()));
            pools.addAll(sized);
            notes.add(server + ": max_wal_senders, " + situation.room(server).walSenders()
                    + ", come on top of max_connections");
        }
        int connections =
                pools.stream().mapToInt(PoolerSizes.Pools::maxDbConnections).sum();
        return new Sizes(
                budgets,
                pools,
                users(),
                pooler.limits().clientsMax().orElse(Math.max(CLIENTS_MIN, CLIENTS_PER_CONNECTION * connections)),
                notes);
    }

    /// A server whose connections are counted under two names gives each of them twice.
    private void oneNameEach() {
        Map<Long, String> names = new HashMap<>();
        for (String server : situation.servers(pooler)) {
            String other = names.putIfAbsent(situation.room(server).startedMicros(), server);
            if (other != null) {
                throw new ProblemException(
                        ProblemCode.CHARTER_INVALID,
                        "'" + other + "' and '" + server + "' are one server",
                        "pooler '" + pooler.name() + "' serves databases of it under two addresses, and its connections"
                                + " would be given away twice",
                        "write the same address in the URLs of its databases");
            }
        }
    }

    private List<PoolerSizes.Pools> divide(String server, int budget) {
        List<Endpoint> endpoints = situation.on(server, pooler);
        Map<DatabaseName, Integer> allotted = new HashMap<>();
        int left = budget;
        for (Endpoint endpoint : endpoints) {
            Served served = served(endpoint);
            if (served.poolSize().isPresent() || served.connectionsMax().isPresent()) {
                int wanted = served.connectionsMax()
                        .orElseGet(() -> served.pools()
                                * (served.poolSize().getAsInt()
                                        + pooler.limits().reserve()));
                allotted.put(endpoint.name(), wanted);
                left -= wanted;
            }
        }
        share(
                endpoints.stream()
                        .filter(each -> !allotted.containsKey(each.name()))
                        .toList(),
                Math.max(0, left),
                allotted);
        int needed = endpoints.stream()
                .mapToInt(each -> Math.max(needed(each), allotted.getOrDefault(each.name(), 0)))
                .sum();
        if (needed > budget) {
            throw exceeded(server, budget, needed, endpoints);
        }
        return endpoints.stream()
                .map(each -> pool(each, Objects.requireNonNull(allotted.get(each.name()))))
                .toList();
    }

    /// By shares; what does not divide goes to those who lose most by rounding, the first of the charter first.
    private void share(List<Endpoint> endpoints, int left, Map<DatabaseName, Integer> allotted) {
        int shares = endpoints.stream().mapToInt(each -> served(each).share()).sum();
        int given = 0;
        for (Endpoint endpoint : endpoints) {
            int floor = (int) ((long) left * served(endpoint).share() / shares);
            allotted.put(endpoint.name(), floor);
            given += floor;
        }
        endpoints.stream()
                .sorted(Comparator.comparingLong(
                        each -> -((long) left * served(each).share() % shares)))
                .limit(left - given)
                .forEach(each -> allotted.merge(each.name(), 1, Integer::sum));
        // A small share is made up to what PgBouncer needs at least, at the cost of the largest.
        for (Endpoint endpoint : endpoints) {
            int missing = needed(endpoint) - allotted.getOrDefault(endpoint.name(), 0);
            for (; missing > 0; missing--) {
                Endpoint largest = endpoints.stream()
                        .max(Comparator.comparingInt(each -> allotted.getOrDefault(each.name(), 0) - needed(each)))
                        .orElseThrow();
                if (allotted.getOrDefault(largest.name(), 0) <= needed(largest)) {
                    return;
                }
                allotted.merge(largest.name(), -1, Integer::sum);
                allotted.merge(endpoint.name(), 1, Integer::sum);
            }
        }
    }

    /// One connection for each pool at least, or as many as are to be kept open, and its reserve.
    private int needed(Endpoint endpoint) {
        return served(endpoint).pools()
                * (Math.max(1, pooler.limits().poolMin()) + pooler.limits().reserve());
    }

    private PoolerSizes.Pools pool(Endpoint endpoint, int allotted) {
        Served served = served(endpoint);
        int most = limited(endpoint, allotted);
        int reserve = pooler.limits().reserve();
        int size = served.poolSize().orElse(Math.max(1, most / served.pools() - reserve));
        if (served.users().isEmpty()) {
            notes.add(endpoint.name() + ": the charter names no users, so each user's pool may take all of it");
        }
        return new PoolerSizes.Pools(
                endpoint.name(), endpoint.server(), endpoint.database(), served.users(), size, reserve, most);
    }

    /// No more than the database's own `CONNECTION LIMIT` leaves.
    private int limited(Endpoint endpoint, int allotted) {
        ServerRoom room = situation.room(endpoint.server());
        int limit = room.databaseLimits().getOrDefault(endpoint.database(), -1);
        if (limit < 0) {
            return allotted;
        }
        Served served = served(endpoint);
        int others = room.held().stream()
                .filter(held -> held.database().equals(endpoint.database()) && !Budgets.isUser(served, held.user()))
                .mapToInt(Held::connections)
                .sum();
        int left = limit - others - endpoint.ownConnections();
        boolean isStated =
                served.poolSize().isPresent() || served.connectionsMax().isPresent();
        if (left < needed(endpoint) || (isStated && left < allotted)) {
            throw new ProblemException(
                    ProblemCode.POOL_BUDGET_EXCEEDED,
                    "the pools of '" + endpoint.name() + "' need " + (isStated ? allotted : needed(endpoint))
                            + " connections, and its server leaves them " + Math.max(0, left),
                    "database '" + endpoint.database() + "' has CONNECTION LIMIT " + limit + "; others hold " + others
                            + ", pgcharter takes up to " + endpoint.ownConnections(),
                    "ALTER DATABASE … CONNECTION LIMIT, or lower its sizes in " + situation.file() + ":"
                            + pooler.line());
        }
        if (left < allotted) {
            notes.add(endpoint.name() + ": CONNECTION LIMIT " + limit + " of the database leaves " + left
                    + " connections of the " + allotted + " that its share would be");
        }
        return Math.min(allotted, left);
    }

    /// Users whose role has a limit: PgBouncer lets a client wait where the server would turn it away.
    private List<PoolerSizes.User> users() {
        Map<String, Integer> limits = new TreeMap<>();
        pooler.databases().forEach((name, served) -> {
            Endpoint endpoint = situation.endpoint(name);
            Map<String, Integer> roles = situation.room(endpoint.server()).roleLimits();
            for (String user : served.users()) {
                Integer limit = roles.get(user);
                if (limit == null) {
                    notes.add(endpoint.server() + " has no role '" + user + "' that may log in");
                } else if (limit >= 0 && !PgBouncerIni.canName(user)) {
                    notes.add("role '" + user + "' has CONNECTION LIMIT " + limit
                            + ", which PgBouncer cannot be told for such a name: clients over it are turned away");
                } else if (limit >= 0) {
                    limits.merge(user, limit, Math::min);
                }
            }
        });
        return limits.entrySet().stream()
                .map(entry -> new PoolerSizes.User(entry.getKey(), entry.getValue()))
                .toList();
    }

    private Served served(Endpoint endpoint) {
        return Situation.served(pooler, endpoint);
    }

    private ProblemException exceeded(String server, int budget, int needed, List<Endpoint> endpoints) {
        int pools = endpoints.stream().mapToInt(each -> served(each).pools()).sum();
        return new ProblemException(
                ProblemCode.POOL_BUDGET_EXCEEDED,
                "the pools of pooler '" + pooler.name() + "' need " + needed + " connections of '" + server
                        + "', and its budget is " + budget,
                pools + (pools == 1 ? " pool has" : " pools have")
                        + " at least min_pool_size (or 1) and reserve_pool_size each; "
                        + Budgets.text(new Budgets(situation, server).of(pooler).evidence()),
                "lower sizes, reserve_pool_size or the number of users in " + situation.file() + ":" + pooler.line()
                        + ", or raise the budget or max_connections of the server");
    }
}
