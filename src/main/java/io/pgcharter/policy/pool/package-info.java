/// Sizes the pools of a PgBouncer by what its servers have room for, and writes its settings down.
///
/// **Start at** [Sizing], a pure function. **In**: the charter's poolers, what was seen of servers. **Out**: budgets
/// with
/// their evidence, sizes, the text of a `pgbouncer.ini`. **Touches**: nothing.
package io.pgcharter.policy.pool;
