package io.pgcharter.policy.charter;

/// What becomes of the shape of databases: how migrations reach them, what lint makes of those, what they are seeded
/// with.
public record Shaping(MigrationPlan migrations, LintPlan lint, SeedPlan seeds) {
    /// What holds where the charter says nothing.
    public static final Shaping NONE = new Shaping(MigrationPlan.NONE, LintPlan.NONE, SeedPlan.NONE);
}
