package io.pgcharter.platform.history;

import java.time.Instant;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// Columns of history tables as values.
final class Rows {
    private Rows() {}

    /// @param millis since 1970, or NULL
    static Optional<Instant> instant(@Nullable String millis) {
        return Optional.ofNullable(millis).map(text -> Instant.ofEpochMilli(Long.parseLong(text)));
    }
}
