package io.pgcharter.policy.charter;

import java.time.Duration;

/// What is watched, and what counts as bad. Section `watch` of the charter.
///
/// @param every how often each database is measured
/// @param slowQuery mean time from which on a statement counts as slow
public record WatchPlan(Duration every, Duration slowQuery) {
    /// What holds where the charter says nothing.
    public static final WatchPlan NONE = new WatchPlan(Duration.ofSeconds(15), Duration.ofMillis(500));
}
