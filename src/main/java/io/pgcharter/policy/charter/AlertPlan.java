package io.pgcharter.policy.charter;

/// Who is told what. Section `alerts` of the charter.
public record AlertPlan() {
    /// What holds where the charter says nothing.
    public static final AlertPlan NONE = new AlertPlan();
}
