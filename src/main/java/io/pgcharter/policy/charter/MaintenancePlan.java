package io.pgcharter.policy.charter;

/// Which maintenance each database gets, and when. Section `maintenance` of the charter.
public record MaintenancePlan() {
    /// What holds where the charter says nothing.
    public static final MaintenancePlan NONE = new MaintenancePlan();
}
