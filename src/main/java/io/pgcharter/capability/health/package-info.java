/// Judges the checks of a database, or of the installation itself.
///
/// **Start at** [HealthReading]. **In**: a permit for `health`. **Out**: a verdict a check, also of a database that
/// does
/// not answer. **Touches**: the database, read-only; the control database, which keeps the verdicts and what counters
/// said.
package io.pgcharter.capability.health;
