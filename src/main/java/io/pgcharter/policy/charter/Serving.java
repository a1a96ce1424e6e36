package io.pgcharter.policy.charter;

/// What `pgcharter serve` does by itself, what it watches, and for whom.
public record Serving(
        SchedulePlan schedule,
        WatchPlan watch,
        MaintenancePlan maintenance,
        AlertPlan alerts,
        WebPlan web,
        PoolPlan pools) {
    /// What holds where the charter says nothing.
    public static final Serving NONE = new Serving(
            SchedulePlan.NONE, WatchPlan.NONE, MaintenancePlan.NONE, AlertPlan.NONE, WebPlan.NONE, PoolPlan.NONE);
}
