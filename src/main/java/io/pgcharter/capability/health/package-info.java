/// Judges the checks of a database, or of the installation itself.
///
/// **Start at** [HealthReading] for a database's server, [EstateReading] for what pgcharter itself looks after. **In**:
/// a
/// permit for `health`. **Out**: a verdict a check, also of a database that does not answer. **Touches**: the database,
/// read-only; lists of repositories; the control database, which keeps the verdicts and what counters said.
package io.pgcharter.capability.health;
