/// Brings the content of one database into another, along a flow the charter allows, and proves it.
///
/// **Start at** [DatabaseCopy]. **In**: a permit, source, target. **Out**: a report. **Touches**: the source
/// (reading), the target.
package io.pgcharter.capability.copy;
