/// Asks a database who and how it is.
///
/// **Start at** [StatusReading]. **In**: a permit for `status`. **Out**: a report, also of a database that does not
/// answer. **Touches**: the database, read-only.
package io.pgcharter.capability.status;
