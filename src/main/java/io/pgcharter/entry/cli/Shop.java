package io.pgcharter.entry.cli;

import io.pgcharter.engine.engine.Outcome;
import io.pgcharter.entry.corridor.CorridorFactory;
import io.pgcharter.model.operation.Operation;
import io.pgcharter.platform.sandbox.PostgresBinaries;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.Map;
import java.util.function.BiConsumer;
import java.util.function.Supplier;

/// What the wiring hands to the command line. What costs time is asked for only when needed.
///
/// @param person login name of whoever runs the process
/// @param variables the process's environment variables
/// @param home directory of the program, with `examples/` below
/// @param binaries the PostgreSQL servers installed on this machine
/// @param witness sees each operation that was submitted and how it ended
public record Shop(
        CorridorFactory corridors,
        InstantSource clock,
        Supplier<String> person,
        Map<String, String> variables,
        Path home,
        Supplier<PostgresBinaries> binaries,
        BiConsumer<Operation, Outcome> witness) {
    public Shop {
        variables = Map.copyOf(variables);
    }

    /// The same shop for a command that is run by another.
    Shop with(Map<String, String> otherVariables, BiConsumer<Operation, Outcome> otherWitness) {
        return new Shop(corridors, clock, person, otherVariables, home, binaries, otherWitness);
    }
}
