/// Makes, lists, checks, repairs and counts repositories, and takes backups off their lists.
///
/// **Start at** [RepositoryWork] and [RepositoryHealth]. **In**: operation and permit. **Out**: report.
/// **Touches**: repositories, and in the control database the ledger of what was read.
package io.pgcharter.capability.repository;
