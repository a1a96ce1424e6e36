/// The open repository: restic's format, version 2, written and read here.
///
/// **Start at** [Repository]. **In**: files as byte streams. **Out**: snapshots. **Touches**: storage,
/// and the directory of this machine where indexes are kept.
package io.pgcharter.platform.repository;
