/// Sizes pools by what servers have room for. Changes nothing.
///
/// **Start at** [PoolSizing]. **In**: which pooler. **Out**: its budgets with their evidence, its sizes, its settings.
/// **Touches**: the servers of its databases (reads).
package io.pgcharter.capability.pools;
