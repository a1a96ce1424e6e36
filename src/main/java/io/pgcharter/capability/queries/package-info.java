/// Shows the statements that cost a database most, are slow, or have become slower.
///
/// **Start at** [QueryReading]. **In**: a permit; the charter; the history that the watch keeps. **Out**: a report.
/// **Touches**: the database's server, reading and in read-only transactions; the control database.
package io.pgcharter.capability.queries;
