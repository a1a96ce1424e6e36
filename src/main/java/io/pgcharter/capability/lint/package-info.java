/// Judges the SQL of migrations by the rules of lint. Changes nothing.
///
/// **Start at** [MigrationLint]. **In**: migrations or files, perhaps a database. **Out**: findings. **Touches**: the
/// files (reads), the database's catalogs and statistics (reads).
package io.pgcharter.capability.lint;
