package io.pgcharter.policy.charter;

/// What databases are seeded with. Section `seeds` of the charter.
public record SeedPlan() {
    public static final SeedPlan NONE = new SeedPlan();
}
