/// Applies migrations, undoes them, and keeps the history that the team's own tool reads.
///
/// **Start at** [MigrationWork]. **In**: which database. **Out**: what it has, lacks and got. **Touches**: the
/// database and, to see what has reached it, the one before it (reads); the directory of migrations (`migrate new`
/// writes).
package io.pgcharter.capability.migrate;
