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
/// @param checkEvery how often the fast checks of a database are made; the slow ones a [#SLOWER]th as often
/// @param statementsEvery how often the statistics of statements are read
/// @param slowQuery mean time from which on a statement counts as slow
/// @param standards thresholds and waivers
/// @param declarations what the charter declares of databases; those it says nothing of are missing
public record WatchPlan(
        Duration every,
        Duration checkEvery,
        Duration statementsEvery,
        Duration slowQuery,
        Standards standards,
        Map<DatabaseName, Declared> declarations) {
    /// So many times as long as between fast checks is between slow ones.
    public static final int SLOWER = 15;

    static final Duration EVERY_DEFAULT = Duration.ofSeconds(15);
    static final Duration CHECK_EVERY_DEFAULT = Duration.ofMinutes(1);
    static final Duration STATEMENTS_EVERY_DEFAULT = Duration.ofMinutes(5);
    static final Duration SLOW_QUERY_DEFAULT = Duration.ofMillis(500);

    /// What holds where the charter says nothing.
    public static final WatchPlan NONE = new WatchPlan(
            EVERY_DEFAULT,
            CHECK_EVERY_DEFAULT,
            STATEMENTS_EVERY_DEFAULT,
            SLOW_QUERY_DEFAULT,
            new Standards(Map.of(), List.of()),
            Map.of());

    public WatchPlan {
        declarations = Map.copyOf(declarations);
    }

    public Declared declared(DatabaseName database) {
        return declarations.getOrDefault(database, Declared.NOTHING);
    }
}
