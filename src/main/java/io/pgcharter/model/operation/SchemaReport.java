package io.pgcharter.model.operation;

import io.pgcharter.model.id.DatabaseName;
import java.util.List;
import java.util.Optional;

/// What became of work on the shape of databases.
public sealed interface SchemaReport extends Report {
    /// What lint makes of migrations.
    ///
    /// @param files how many were read
    /// @param statements how many they hold
    record Lint(int files, int statements) implements SchemaReport {}

    /// What a database was seeded with.
    ///
    /// @param tables those that hold rows now, by name
    record Seed(DatabaseName database, String state, List<SeededTable> tables, long milliseconds)
            implements SchemaReport {
        public Seed {
            tables = List.copyOf(tables);
        }
    }

    /// How a database was made anew.
    ///
    /// @param dropped how many tables there were before
    /// @param migrated whether it has migrations, which were applied
    /// @param seed what it was seeded with, if it was
    record Reset(DatabaseName database, int dropped, boolean migrated, Optional<Seed> seed, long milliseconds)
            implements SchemaReport {}

    /// @param table as `schema.table`
    record SeededTable(String table, long rows) {}
}
