package io.pgcharter.entry.corridor;

import java.nio.file.Path;
import java.util.Map;

/// Opens the corridor of a charter. Opening touches nothing.
@FunctionalInterface
public interface CorridorFactory {
    /// @param variables what `${env:NAME}` of the charter resolves by
    Corridor open(Path charter, Map<String, String> variables);
}
