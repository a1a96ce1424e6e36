/// Does what the charter schedules: hands due work to the engine, each instant once over all nodes, and records what
/// became of it.
///
/// **Start at** [Schedule]; for reading, [ScheduleReading]. **In**: the charter's schedule, the control database's
/// time.
/// **Out**: operations, submitted as `schedule`. **Touches**: the control database.
package io.pgcharter.engine.schedule;
