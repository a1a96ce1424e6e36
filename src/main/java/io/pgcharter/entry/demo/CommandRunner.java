package io.pgcharter.entry.demo;

import io.pgcharter.engine.engine.Outcome;
import io.pgcharter.model.operation.Operation;
import java.util.List;
import java.util.Map;
import java.util.function.BiConsumer;

/// Runs a command just as the command line would, in this process.
@FunctionalInterface
public interface CommandRunner {
    /// @param variables the environment variables it sees
    /// @param witness sees each operation the command submitted and how it ended
    /// @return the exit code
    int run(Map<String, String> variables, BiConsumer<Operation, Outcome> witness, List<String> words);
}
