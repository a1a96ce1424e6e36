package io.pgcharter.model.migration;

import java.util.Optional;

/// A file of SQL.
///
/// @param file its path, as errors name it
/// @param text without the byte order mark that it may have begun with
/// @param hindrance why it cannot be carried out although it may be recorded as applied
public record Source(String file, String text, Optional<Hindrance> hindrance) {

    /// What stands in the way, in the words of a problem.
    ///
    /// @param line of the file, from 1
    public record Hindrance(int line, String fact, String cause, String remedy) {}
}
