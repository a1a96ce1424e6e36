/// When what the charter schedules is due, and what becomes of an instant that came too late or at the wrong time.
///
/// **Start at** [Rhythm#judge]. **In**: cadence, zone, windows, blackouts, the time. **Out**: instants, and a [Turn]
/// that gives its reason. **Touches**: nothing.
package io.pgcharter.policy.schedule;
