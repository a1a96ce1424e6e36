package io.pgcharter.policy.lint;

/// What limits a statement of a migration.
///
/// @param onLocks whether lock_timeout is set
/// @param onTime whether statement_timeout is set
public record Limits(boolean onLocks, boolean onTime) {
    public static final Limits NONE = new Limits(false, false);

    /// What is limited in either case.
    Limits and(Limits other) {
        return new Limits(onLocks && other.onLocks, onTime && other.onTime);
    }
}
