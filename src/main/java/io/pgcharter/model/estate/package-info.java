/// What pgcharter looks after, as it was last seen: backups, repositories, runs, the journal, disks, certificates.
///
/// **Start at** [Listing]. **In**: nothing. **Out**: values. **Touches**: nothing.
package io.pgcharter.model.estate;
