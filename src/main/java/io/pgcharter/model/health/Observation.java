package io.pgcharter.model.health;

import java.util.Optional;

/// One row that answers a [Question].
///
/// @param key names the thing, the same from one time to the next
/// @param value what was measured, or a level's name; empty if this role cannot see it, and then `text` says why
/// @param text about the thing, in one line
/// @param of what a share is a share of; counters only
/// @param epoch changes whenever the counters begin anew; counters only
public record Observation(
        String key, Optional<String> value, String text, Optional<String> of, Optional<String> epoch) {
    public static Observation of(String key, double value, String text) {
        return new Observation(key, Optional.of(Double.toString(value)), text, Optional.empty(), Optional.empty());
    }

    public static Observation of(String key, Level level, String text) {
        return new Observation(key, Optional.of(level.name()), text, Optional.empty(), Optional.empty());
    }
}
