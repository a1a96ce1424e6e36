package io.pgcharter.policy.charter;

/// What lint makes of migrations. Section `lint` of the charter.
public record LintPlan() {
    public static final LintPlan NONE = new LintPlan();
}
