/// Makes, lists, checks and counts repositories, and takes backups off their lists.
///
/// **Start at** [RepositoryWork]. **In**: operation and permit. **Out**: report. **Touches**: repositories.
package io.pgcharter.capability.repository;
