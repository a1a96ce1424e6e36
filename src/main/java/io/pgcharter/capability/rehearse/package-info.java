/// Rehearses migrations on a copy restored from the newest proven backup, and measures what they do.
///
/// **Start at** [RehearsalWork]. **In**: which database. **Out**: what each statement does, whether it can be undone,
/// which limits of the charter are passed. **Touches**: the database (reads catalogs, its history of migrations,
/// statistics), a repository (reads), a scratch server of its own.
package io.pgcharter.capability.rehearse;
