package io.pgcharter.engine.schedule;

import java.time.Instant;
import java.util.Optional;

/// One job for one of its targets, as faces show it. All times are the control database's.
///
/// @param verb what it submits: `backup`
/// @param cadence when it is due: `daily 06:00, 18:00`
/// @param zone whose clock that is
/// @param state `off`, `scheduled`, `running`, `waiting`, or `overdue`: due for more than five minutes and not begun
/// @param reason why it is off, waits or is overdue; otherwise why the last one did not succeed; empty if all is well
/// @param dueAt when it is due next, or has been due if it runs, waits or is overdue; empty if never
/// @param beginsAt `dueAt` with its jitter, or when it is tried again
/// @param last what became of the newest instant that came
/// @param doneAt when it last was done
/// @param missed how many instants were missed in the last 100 days
public record JobRow(
        String job,
        String target,
        String verb,
        String cadence,
        String zone,
        String state,
        Optional<String> reason,
        Optional<Instant> dueAt,
        Optional<Instant> beginsAt,
        Optional<JobRun> last,
        Optional<Instant> doneAt,
        long missed) {}
