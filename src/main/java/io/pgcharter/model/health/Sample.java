package io.pgcharter.model.health;

import java.time.Instant;
import java.util.List;

/// What a check saw the last time, kept so that counters can be compared.
///
/// @param at by the clock of what was watched
/// @param events what was bad of late, and still stands
public record Sample(String check, Instant at, List<Observation> rows, List<Event> events) {
    public Sample {
        rows = List.copyOf(rows);
        events = List.copyOf(events);
    }

    /// Where nothing bad stands.
    public Sample(String check, Instant at, List<Observation> rows) {
        this(check, at, rows, List.of());
    }
}
