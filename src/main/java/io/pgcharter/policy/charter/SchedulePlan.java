package io.pgcharter.policy.charter;

/// When what is done by itself. Section `schedule` of the charter.
public record SchedulePlan() {
    /// What holds where the charter says nothing.
    public static final SchedulePlan NONE = new SchedulePlan();
}
