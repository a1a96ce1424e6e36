package io.pgcharter.model.health;

import java.time.Instant;
import java.util.List;

/// What a check saw the last time, kept so that counters can be compared.
///
/// @param at by the clock of what was watched
public record Sample(String check, Instant at, List<Observation> rows) {
    public Sample {
        rows = List.copyOf(rows);
    }
}
