/// Loads a backup into an empty or a new database.
///
/// **Start at** [Restore]. **In**: a permit, a backup, a target. **Out**: a report. **Touches**: the repository
/// (reading), the target.
package io.pgcharter.capability.restore;
