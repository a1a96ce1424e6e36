package io.pgcharter.model.health;

import java.time.Instant;

/// Something bad that a counter told of: it happened before a reading, and the next reading sees no more of it.
///
/// @param key of the counter
/// @param value what was measured, in the check's own unit
/// @param text about it, in one line
/// @param at when it was read, by the clock of what was watched
public record Event(String key, Level level, double value, String text, Instant at) {}
