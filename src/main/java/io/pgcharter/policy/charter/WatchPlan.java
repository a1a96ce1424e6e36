package io.pgcharter.policy.charter;

import io.pgcharter.model.id.DatabaseName;
import io.pgcharter.policy.check.Declared;
import io.pgcharter.policy.check.Standards;
import java.time.Duration;
import java.util.List;
import java.util.Map;

/// What is watched, and what counts as bad. Section `watch` of the charter.
///
/// @param every how often each database is measured
/// @param slowQuery mean time from which on a statement counts as slow
/// @param standards thresholds and waivers
/// @param declarations what the charter declares of databases; those it says nothing of are missing
public record WatchPlan(
        Duration every, Duration slowQuery, Standards standards, Map<DatabaseName, Declared> declarations) {
    static final Duration EVERY_DEFAULT = Duration.ofSeconds(15);
    static final Duration SLOW_QUERY_DEFAULT = Duration.ofMillis(500);

    /// What holds where the charter says nothing.
    public static final WatchPlan NONE =
            new WatchPlan(EVERY_DEFAULT, SLOW_QUERY_DEFAULT, new Standards(Map.of(), List.of()), Map.of());

    public WatchPlan {
        declarations = Map.copyOf(declarations);
    }

    public Declared declared(DatabaseName database) {
        return declarations.getOrDefault(database, Declared.NOTHING);
    }
}
