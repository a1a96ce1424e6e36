package io.pgcharter.model.operation;

/// What became of work on the shape of databases.
public sealed interface SchemaReport extends Report {
    /// What lint makes of migrations.
    ///
    /// @param files how many were read
    /// @param statements how many they hold
    record Lint(int files, int statements) implements SchemaReport {}
}
