/// The open repository: restic's format, version 2, written and read here.
///
/// **Start at** [Repository]. **In**: files as byte streams. **Out**: snapshots. **Touches**: storage.
package io.pgcharter.platform.repository;
