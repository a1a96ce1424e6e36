package io.pgcharter.policy.charter;

/// What is watched, and what counts as bad. Section `watch` of the charter.
public record WatchPlan() {
    /// What holds where the charter says nothing.
    public static final WatchPlan NONE = new WatchPlan();
}
