/// The standing watch: measures every database of the charter in the charter's rhythm, judges its checks, keeps the
/// history in order.
///
/// **Start at** [Watching]. **In**: a permit; the charter. **Out**: measurements, verdicts, statements.
/// **Touches**: the
/// servers watched, reading; the control database.
package io.pgcharter.capability.watch;
