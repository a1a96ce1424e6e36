package io.pgcharter.model.migration;

import java.util.Optional;
import java.util.Set;

/// One migration as it lies on disk.
///
/// @param name what tells it from all others of its directory, and what people call it by: Prisma's directory,
///     Flyway's version (`1.2`) or `R__description`, `0001_name` in the plain layout
/// @param title what it does, as its file's name says
/// @param script what the history table calls its file
/// @param checksum what the layout's own tool would write down for it now
/// @param accepted every checksum that the tool takes for the same content; `checksum` is one of them
/// @param down undoes it, if there is such a file
public record Migration(
        Kind kind,
        String name,
        Version version,
        String title,
        String script,
        String checksum,
        Set<String> accepted,
        Source up,
        Optional<Source> down) {
    public Migration {
        accepted = Set.copyOf(accepted);
        if (!accepted.contains(checksum)) {
            throw new IllegalArgumentException("a migration accepts its own checksum");
        }
    }

    /// When a migration is carried out.
    public enum Kind {
        /// Once, in the order of versions.
        VERSIONED,
        /// After all versioned ones, whenever its file has changed.
        REPEATABLE,
        /// First of all into a database without a history, in the place of every version up to its own.
        BASELINE
    }

    /// Whether `word` names it: its name, or its file as the history has it.
    public boolean isCalled(String word) {
        return word.equals(name) || word.equals(script);
    }
}
