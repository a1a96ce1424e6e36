/// Does the maintenance a database needs, by measured need: vacuum, indexes, statistics, partitions. Blocks no
/// writer:
/// every statement takes locks that let rows be written, or waits for others no longer than the charter says.
///
/// **Start at** [Maintenance]. **In**: a permit for `maintain`, the charter's maintenance plan. **Out**: a
/// report with
/// the evidence for each decision. **Touches**: the database's tables, indexes and partitions; drops nothing but
/// invalid indexes that a rebuild left behind.
package io.pgcharter.capability.maintain;
