package io.pgcharter.entry.cli;

import io.pgcharter.entry.corridor.CorridorFactory;
import java.time.InstantSource;
import java.util.Map;
import java.util.function.Supplier;

/// What the wiring hands to the command line.
///
/// @param person login name of whoever runs the process, asked of the operating system only when needed
/// @param variables the process's environment variables
public record Shop(
        CorridorFactory corridors, InstantSource clock, Supplier<String> person, Map<String, String> variables) {
    public Shop {
        variables = Map.copyOf(variables);
    }
}
