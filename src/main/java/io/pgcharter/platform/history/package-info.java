/// The tables in which Prisma, Flyway and pgcharter itself keep which migrations a database has, with the
/// locks that keep two runners apart.
///
/// **Start at** [History]. **In**: a session, migrations. **Out**: what is recorded. **Touches**: the history
/// table.
package io.pgcharter.platform.history;
