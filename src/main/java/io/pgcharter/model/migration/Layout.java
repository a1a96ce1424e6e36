package io.pgcharter.model.migration;

/// Whose way of storing migrations and their history it is.
public enum Layout {
    /// `<timestamp>_<name>/migration.sql`, and `down.sql` beside it.
    PRISMA,
    /// `V1__name.sql`, `U1__name.sql`, `R__name.sql`.
    FLYWAY,
    /// `0001_name.up.sql` and `0001_name.down.sql`, or `0001_name.sql`.
    PLAIN
}
