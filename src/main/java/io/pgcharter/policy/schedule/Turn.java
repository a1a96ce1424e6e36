package io.pgcharter.policy.schedule;

import java.time.Instant;

/// What becomes of an instant that is due.
public sealed interface Turn {
    /// Begin now.
    record Run() implements Turn {}

    /// Begin later, not before `until`.
    record Wait(Instant until, String because) implements Turn {}

    /// Not at all: the charter says so.
    record Skip(String because) implements Turn {}

    /// Not any more: the time has gone by.
    record Miss(String because) implements Turn {}
}
