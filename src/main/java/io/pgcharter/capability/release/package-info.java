/// Releases migrations to a database: rehearsed, backed up, applied, verified, watched, or rolled back.
///
/// **Start at** [ReleaseWork], then [Conduct]: which takes one step after another, as `policy.release` says. **In**:
/// which database. **Out**: what was done, each step with its evidence. **Touches**: the database (by parts:
/// migrations, a backup, a restore; its catalog and statistics), the repository (reading), the outbox of notices.
package io.pgcharter.capability.release;
