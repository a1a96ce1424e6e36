package io.pgcharter.policy.charter;

/// What becomes of the shape of databases: how migrations reach them, what lint makes of those, what they are seeded
/// with, which class of data their columns hold, what roles may hold in them.
public record Shaping(
        MigrationPlan migrations, LintPlan lint, SeedPlan seeds, ClassificationPlan classification, RolePlan roles) {
    /// What holds where the charter says nothing.
    public static final Shaping NONE =
            new Shaping(MigrationPlan.NONE, LintPlan.NONE, SeedPlan.NONE, ClassificationPlan.NONE, RolePlan.NONE);
}
