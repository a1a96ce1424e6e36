package io.pgcharter.policy.pool;

import io.pgcharter.model.estate.ServerRoom;
import io.pgcharter.model.estate.ServerRoom.Held;
import io.pgcharter.model.operation.PoolerSizes;
import io.pgcharter.model.problem.ProblemCode;
import io.pgcharter.model.problem.ProblemException;
import io.pgcharter.policy.charter.PoolPlan.Pooler;
import io.pgcharter.policy.charter.PoolPlan.Served;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/// How many connections of one server each pooler may take.
///
/// PgBouncer has no limit over all of its pools, and `max_connections` is not all there is to give: superusers keep
/// some, others hold some now, pgcharter's own work takes some. What is left after that, and after a tenth that
/// stays free for those who come unannounced, is shared equally among the poolers whose budget the charter leaves
/// open.
final class Budgets {
    private static final int FREE_PERCENT = 10;
    private static final int HOLDERS_SHOWN = 5;

    private final Situation situation;
    private final String server;
    private final ServerRoom room;

    Budgets(Situation situation, String server) {
        this.situation = situation;
        this.server = server;
        this.room = situation.room(server);
    }

    /// @param evidence adds up to what there is room for
    record Budget(int connections, List<PoolerSizes.Evidence> evidence) {}

    /// @throws ProblemException `POOL_BUDGET_EXCEEDED` if what the charter states is more than there is
    Budget of(Pooler pooler) {
        List<PoolerSizes.Evidence> evidence = taken();
        List<Pooler> others = situation.of(server).stream()
                .filter(other -> !other.name().equals(pooler.name()))
                .toList();
        for (Pooler other : others) {
            other.budget()
                    .ifPresent(budget -> evidence.add(new PoolerSizes.Evidence("pooler " + other.name(), -budget)));
        }
        if (pooler.budget().isPresent()) {
            int stated = pooler.budget().getAsInt();
            if (stated > sum(evidence)) {
                throw exceeded(pooler, stated, evidence);
            }
            return new Budget(stated, evidence);
        }
        evidence.add(new PoolerSizes.Evidence(
                "left free, a tenth of max_connections", -Math.ceilDiv(room.maxConnections() * FREE_PERCENT, 100)));
        int open = 1
                + (int) others.stream()
                        .filter(other -> other.budget().isEmpty())
                        .count();
        int equal = Math.max(0, sum(evidence)) / open;
        if (open > 1) {
            evidence.add(new PoolerSizes.Evidence(
                    (open - 1) + " more " + (open == 2 ? "pooler" : "poolers") + " without a budget",
                    equal - sum(evidence)));
        }
        return new Budget(Math.max(0, sum(evidence)), evidence);
    }

    static int sum(List<PoolerSizes.Evidence> evidence) {
        return evidence.stream().mapToInt(PoolerSizes.Evidence::connections).sum();
    }

    private List<PoolerSizes.Evidence> taken() {
        List<PoolerSizes.Evidence> evidence = new ArrayList<>();
        evidence.add(new PoolerSizes.Evidence("max_connections", room.maxConnections()));
        evidence.add(new PoolerSizes.Evidence("superuser_reserved_connections", -room.superuserReserved()));
        if (room.reserved() > 0) {
            evidence.add(new PoolerSizes.Evidence("reserved_connections", -room.reserved()));
        }
        List<Held> others = room.held().stream().filter(held -> !isPooled(held)).toList();
        if (!others.isEmpty()) {
            evidence.add(new PoolerSizes.Evidence(
                    "held now by others: " + holders(others),
                    -others.stream().mapToInt(Held::connections).sum()));
        }
        int own = situation.endpoints().values().stream()
                .filter(endpoint -> endpoint.server().equals(server))
                .mapToInt(Endpoint::ownConnections)
                .sum();
        evidence.add(new PoolerSizes.Evidence("pgcharter's own work: backups, checks", -own));
        return evidence;
    }

    /// Whether it comes through a pooler, or will.
    private boolean isPooled(Held held) {
        return situation.of(server).stream()
                .anyMatch(pooler -> situation.on(server, pooler).stream()
                        .filter(endpoint -> endpoint.database().equals(held.database()))
                        .anyMatch(endpoint -> isUser(Situation.served(pooler, endpoint), held.user())));
    }

    static boolean isUser(Served served, String user) {
        return served.users().isEmpty() || served.users().contains(user);
    }

    private static String holders(List<Held> others) {
        Map<String, Integer> byUser =
                others.stream().collect(Collectors.toMap(Held::user, Held::connections, Integer::sum));
        List<String> texts = byUser.entrySet().stream()
                .sorted(Map.Entry.<String, Integer>comparingByValue()
                        .reversed()
                        .thenComparing(Map.Entry.comparingByKey()))
                .map(entry -> entry.getKey() + " " + entry.getValue())
                .toList();
        return String.join(", ", texts.subList(0, Math.min(HOLDERS_SHOWN, texts.size())))
                + (texts.size() > HOLDERS_SHOWN ? ", …" : "");
    }

    private ProblemException exceeded(Pooler pooler, int stated, List<PoolerSizes.Evidence> evidence) {
        int left = Math.max(0, sum(evidence));
        return new ProblemException(
                ProblemCode.POOL_BUDGET_EXCEEDED,
                "pooler '" + pooler.name() + "' may take " + stated + " connections of '" + server
                        + "', which has room for " + left,
                text(evidence),
                (left > 0 ? "write 'budget: " + left + "' in " : "take it out of ") + situation.file() + ":"
                        + pooler.line() + ", or raise max_connections of the server, which takes a restart");
    }

    /// `max_connections 100, superuser_reserved_connections -3, …`
    static String text(List<PoolerSizes.Evidence> evidence) {
        return evidence.stream()
                .map(item -> item.what() + " " + item.connections())
                .collect(Collectors.joining("; "));
    }
}
