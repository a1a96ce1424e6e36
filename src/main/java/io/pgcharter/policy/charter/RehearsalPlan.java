package io.pgcharter.policy.charter;

import java.time.Duration;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;

/// What a rehearsal must not pass, at the size of the database that it is for. Block `rehearsal` of migrations.
///
/// @param held the longest that a lock which keeps others waiting may be held
/// @param time the longest that all of it may take
/// @param walBytes the most WAL that may be written
/// @param calls the most calls of statements that a lock may hold up
/// @param allowsRewrites whether tables may be written anew
/// @param needsWayBack whether the down migrations must bring back what was there
/// @param validFor how long after a rehearsal it counts for a release
public record RehearsalPlan(
        Optional<Duration> held,
        Optional<Duration> time,
        OptionalLong walBytes,
        OptionalInt calls,
        boolean allowsRewrites,
        boolean needsWayBack,
        Duration validFor) {
    public static final Duration VALID_FOR_DEFAULT = Duration.ofDays(7);

    public static final RehearsalPlan NO_LIMITS = new RehearsalPlan(
            Optional.empty(),
            Optional.empty(),
            OptionalLong.empty(),
            OptionalInt.empty(),
            true,
            false,
            VALID_FOR_DEFAULT);
}
