/// Shows which backups of a database retention keeps, and forgets the others.
///
/// **Start at** [RetentionWork]. **In**: a permit, the charter's retention. **Out**: keep or remove for each backup,
/// with
/// every reason. **Touches**: repositories.
package io.pgcharter.capability.retention;
