package io.pgcharter.model.migration;

import java.time.Instant;
import java.util.Optional;
import java.util.OptionalInt;

/// What a history says of one migration, as far as it still holds: rows that were rolled back or deleted are not here.
///
/// @param key names the row in its table
/// @param name as in [Migration#name()]
/// @param title empty if the history has none
/// @param steps how many of its statements were carried out, if it is [State#FAILED] and somebody counted them
/// @param isUndoing whether it was being undone when that went wrong; then `steps` are those of its down file
/// @param log what was written down when it failed; empty if nothing was
/// @param at when it was begun or applied
public record Recorded(
        String key,
        String name,
        Version version,
        Optional<String> title,
        Optional<String> checksum,
        State state,
        OptionalInt steps,
        boolean isUndoing,
        String log,
        Optional<Instant> at) {

    /// How it stands.
    public enum State {
        APPLIED,
        /// Begun and not ended: it failed, or whoever carried it out died.
        FAILED,
        /// Stands for every version up to its own.
        BASELINE
    }
}
