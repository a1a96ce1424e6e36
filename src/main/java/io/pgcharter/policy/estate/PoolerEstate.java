package io.pgcharter.policy.estate;

import io.pgcharter.model.estate.PoolerSeen;
import io.pgcharter.model.id.PoolerName;
import java.time.Duration;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;

/// What is known of the charter's poolers.
///
/// @param seen by those whose console the charter names, in its order
/// @param waiting by [#key]: how long somebody has waited in that pool at every look
public record PoolerEstate(Map<PoolerName, PoolerSeen> seen, Map<String, Duration> waiting) {
    public PoolerEstate {
        seen = Collections.unmodifiableMap(new LinkedHashMap<>(seen));
        waiting = Map.copyOf(waiting);
    }

    /// What names a pool: `main shop/app`.
    public static String key(PoolerName pooler, PoolerSeen.Pool pool) {
        return pooler + " " + pool.database() + "/" + pool.user();
    }
}
