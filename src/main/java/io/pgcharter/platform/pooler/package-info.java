/// Asks a connection pooler how its pools are, and servers how much room they have for one; writes its settings.
///
/// **Start at** [PoolerConsole]. **In**: URLs. **Out**: what was seen. **Touches**: PgBouncer's console, servers, one
/// file.
package io.pgcharter.platform.pooler;
