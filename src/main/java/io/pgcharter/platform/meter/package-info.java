/// Measures what a statement does to tables: locks, files written anew, rows read, WAL.
///
/// **Start at** [Meter], then [Onlooker]. **In**: the session on which the statement runs. **Out**: [Measured].
/// **Touches**: the server that the session is on; it asks catalogs and statistics, and changes nothing itself.
package io.pgcharter.platform.meter;
