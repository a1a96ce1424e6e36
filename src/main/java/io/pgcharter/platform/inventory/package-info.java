/// What there is: the backups of each repository as they were last seen, what the control database records of runs,
/// approvals and the journal, the room on disks. [RunUpkeep] removes runs that ended long ago.
///
/// **Start at** [Inventory] for what was seen, [InventoryRefresh] for looking again. **In**: a repository's place.
/// **Out**: values of `model.estate`. **Touches**: repositories (reads their list), the control database, file systems.
package io.pgcharter.platform.inventory;
