package io.pgcharter.policy.estate;

import java.time.Duration;
import java.time.Instant;
import java.util.Locale;

/// Figures as messages show them.
final class Figures {
    private static final long GIGABYTE = 1_000_000_000;

    private Figures() {}

    /// `3 days`, `26 h`, `12 min`.
    static String text(Duration duration) {
        if (duration.toHours() >= 72) {
            return duration.toDays() + " days";
        }
        return duration.toMinutes() >= 120 ? duration.toHours() + " h" : duration.toMinutes() + " min";
    }

    static String age(Instant then, Instant now) {
        return text(Duration.between(then, now)) + " ago";
    }

    static String gigabytes(long bytes) {
        return String.format(Locale.ROOT, "%.1f GB", (double) bytes / GIGABYTE);
    }

    static double seconds(Instant then, Instant now) {
        return Duration.between(then, now).toMillis() / 1000.0;
    }
}
