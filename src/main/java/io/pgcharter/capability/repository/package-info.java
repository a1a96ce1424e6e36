/// Makes, lists, checks, repairs and counts repositories, and takes backups off their lists.
///
/// **Start at** [RepositoryWork] and [RepositoryHealth]. **In**: operation and permit. **Out**: report. **Touches**: repositories, the
/// ledger of what was read in the control database.
package io.pgcharter.capability.repository;
