package io.pgcharter.policy.charter;

/// Where the dashboard and the API listen, and who may use them. Section `web` of the charter.
public record WebPlan() {
    /// What holds where the charter says nothing.
    public static final WebPlan NONE = new WebPlan();
}
