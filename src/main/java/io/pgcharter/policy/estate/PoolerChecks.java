package io.pgcharter.policy.estate;

import io.pgcharter.model.estate.PoolerSeen;
import io.pgcharter.model.estate.PoolerSeen.Pool;
import io.pgcharter.model.health.Answer;
import io.pgcharter.model.health.Level;
import io.pgcharter.model.health.Observation;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/// Whether clients wait for a pooler.
final class PoolerChecks {
    /// One who waits is what a pool is for. Where somebody waits at every look for so long, the pool is too small.
    private static final Duration ALWAYS = Duration.ofSeconds(30);

    private PoolerChecks() {}

    static Answer waiters(PoolerEstate estate) {
        if (estate.seen().isEmpty()) {
            return new Answer.Moot("the charter names no pooler with an 'admin' to ask");
        }
        List<Observation> rows = new ArrayList<>();
        estate.seen().forEach((pooler, seen) -> {
            switch (seen) {
                case PoolerSeen.Shown(List<Pool> pools) ->
                    pools.forEach(pool -> rows.addAll(rows(PoolerEstate.key(pooler, pool), pool, estate)));
                case PoolerSeen.Unseen(String reason, String remedy) ->
                    rows.add(Observation.of(pooler.text(), Level.UNKNOWN, reason + "; " + remedy));
            }
        });
        return new Answer.Seen(rows);
    }

    private static List<Observation> rows(String key, Pool pool, PoolerEstate estate) {
        String use = pool.working() + " of " + pool.size() + " server connections work for a client";
        if (pool.waiting() == 0) {
            return List.of(Observation.of(key, 0, "nobody waits; " + use));
        }
        String waiting = String.format(
                Locale.ROOT,
                "%d %s, the first for %.1f s; %s",
                pool.waiting(),
                pool.waiting() == 1 ? "client waits" : "clients wait",
                pool.waitSeconds(),
                use);
        Observation longest = Observation.of(key, pool.waitSeconds(), waiting);
        Duration always = estate.waiting().getOrDefault(key, Duration.ZERO);
        return always.compareTo(ALWAYS) < 0
                ? List.of(longest)
                : List.of(
                        longest,
                        Observation.of(
                                key + " always",
                                Level.WARN,
                                "somebody has waited at every look for " + always.toSeconds() + " s; " + use));
    }
}
