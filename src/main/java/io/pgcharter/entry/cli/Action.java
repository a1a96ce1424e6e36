package io.pgcharter.entry.cli;

/// A verb that is more than the submission of operations, or none at all.
@FunctionalInterface
interface Action {
    /// @return the exit code, see [ExitCode]
    int run(Desk desk);
}
