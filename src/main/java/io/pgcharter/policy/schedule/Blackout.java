package io.pgcharter.policy.schedule;

import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneId;
import java.util.Optional;

/// Days on which nothing is begun.
///
/// @param to the last of them
/// @param because why, in the words of the team; empty if not said
public record Blackout(LocalDate from, LocalDate to, Optional<String> because) {
    public Blackout {
        if (to.isBefore(from)) {
            throw new IllegalArgumentException("it ends before it begins: " + from + " to " + to);
        }
    }

    boolean covers(Instant instant, ZoneId zone) {
        LocalDate date = LocalDate.ofInstant(instant, zone);
        return !date.isBefore(from) && !date.isAfter(to);
    }

    /// `2026-12-24 to 2026-12-26: change freeze`
    String text() {
        return (from.equals(to) ? from.toString() : from + " to " + to)
                + because.map(reason -> ": " + reason).orElse("");
    }
}
