package io.pgcharter.platform.metrics;

import io.pgcharter.model.id.DatabaseName;

/// What was measured of one subject.
///
/// @param subject `database/payments` or `node/backup1`
/// @param takenNanos when, by `System.nanoTime()` of this process
public record Measurement(String subject, long takenNanos, Measures measures) {
    public static String subject(DatabaseName database) {
        return "database/" + database;
    }
}
