package io.pgcharter.policy.schedule;

import java.time.Duration;

/// Durations as the charter writes them.
final class Durations {
    private Durations() {}

    /// `7d`, `6h`, `30m`: in the largest unit that leaves nothing over.
    static String text(Duration duration) {
        long minutes = duration.toMinutes();
        if (minutes % (24 * 60) == 0) {
            return minutes / (24 * 60) + "d";
        }
        return minutes % 60 == 0 ? minutes / 60 + "h" : minutes + "m";
    }
}
