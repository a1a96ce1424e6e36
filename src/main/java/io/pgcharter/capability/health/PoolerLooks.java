package io.pgcharter.capability.health;

import io.pgcharter.model.estate.PoolerSeen;
import io.pgcharter.model.id.PoolerName;
import io.pgcharter.model.problem.ProblemException;
import io.pgcharter.model.secret.SecretText;
import io.pgcharter.platform.pooler.PoolerConsole;
import io.pgcharter.platform.postgres.PostgresUrl;
import io.pgcharter.platform.secret.Secrets;
import io.pgcharter.policy.charter.PoolPlan;
import io.pgcharter.policy.estate.PoolerEstate;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/// Looks at the consoles of the charter's poolers, and remembers since when somebody waits. Thread-safe.
final class PoolerLooks {
    private final PoolPlan plan;
    private final Secrets secrets;
    private final Map<String, Instant> waitingSince = new ConcurrentHashMap<>();

    PoolerLooks(PoolPlan plan, Secrets secrets) {
        this.plan = plan;
        this.secrets = secrets;
    }

    /// All consoles at once, so that one that is silent holds up the others by no more than its own limit.
    ///
    /// @param now this node's time, the same clock at every look
    PoolerEstate look(Instant now) {
        Map<PoolerName, Future<PoolerSeen>> asked = new LinkedHashMap<>();
        Map<PoolerName, PoolerSeen> seen = new LinkedHashMap<>();
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            plan.poolers()
                    .forEach((name, pooler) ->
                            pooler.admin().ifPresent(console -> asked.put(name, threads.submit(() -> see(console)))));
            for (Map.Entry<PoolerName, Future<PoolerSeen>> each : asked.entrySet()) {
                seen.put(each.getKey(), each.getValue().get());
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while poolers were asked", e);
        } catch (ExecutionException e) {
            throw new IllegalStateException("a pooler could not be asked", e);
        }
        return new PoolerEstate(seen, waiting(seen, now));
    }

    private PoolerSeen see(SecretText console) {
        try {
            return PoolerConsole.pools(PostgresUrl.parse(secrets.resolve(console)));
        } catch (ProblemException e) {
            return new PoolerSeen.Unseen(
                    e.problem().code() + ": " + e.problem().fact(), e.problem().remedy());
        }
    }

    /// A pool in which nobody waits, or that cannot be seen, begins anew.
    private Map<String, Duration> waiting(Map<PoolerName, PoolerSeen> seen, Instant now) {
        Map<String, Duration> waiting = new HashMap<>();
        seen.forEach((pooler, state) -> {
            if (state instanceof PoolerSeen.Shown shown) {
                shown.pools().stream().filter(pool -> pool.waiting() > 0).forEach(pool -> {
                    String key = PoolerEstate.key(pooler, pool);
                    waiting.put(key, Duration.between(waitingSince.computeIfAbsent(key, _ -> now), now));
                });
            }
        });
        waitingSince.keySet().retainAll(Set.copyOf(waiting.keySet()));
        return waiting;
    }
}
