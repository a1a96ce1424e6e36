/// Makes, lists, checks, repairs, copies, prunes and counts repositories, takes backups off their lists, and looks
/// after their keys.
///
/// **Start at** [RepositoryWork]; each of the larger verbs has a class of its own: [RepositoryHealth] (check, repair),
/// [CopyWork], [Pruning], [KeyWork]. **In**: operation and permit. **Out**: report. **Touches**: repositories, and
/// in the control database the ledger of what was read.
package io.pgcharter.capability.repository;
