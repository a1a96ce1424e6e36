package io.pgcharter.engine.schedule;

import java.time.Instant;

/// What the queue keeps of a duty: the instant that is due, and what it follows from. When the charter's cadence
/// changes, what followed from the old one is no longer due.
record Marker(Instant due, String origin) {
    static Marker parse(String text) {
        int blank = text.indexOf(' ');
        return new Marker(Instant.parse(text.substring(0, blank)), text.substring(blank + 1));
    }

    /// `2026-11-21T06:00:00Z daily 06:00, 18:00 UTC`
    String text() {
        return due + " " + origin;
    }
}
