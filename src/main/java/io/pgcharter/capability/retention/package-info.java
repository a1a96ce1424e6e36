/// Decides which backups of a database are kept, and forgets the others.
///
/// **Start at** [RetentionRules], a pure function. **In**: a permit, the charter's retention, the list of backups.
/// **Out**: keep or remove for each, with every reason. **Touches**: repositories.
package io.pgcharter.capability.retention;
