/// Takes logical backups into a repository, lists them, and pins them against retention.
///
/// **Start at** [LogicalBackup]. **In**: a permit, a database, a repository. **Out**: a snapshot and its report.
/// **Touches**: the database (reading), the repository.
package io.pgcharter.capability.backup;
