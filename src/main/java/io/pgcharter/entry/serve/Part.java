package io.pgcharter.entry.serve;

/// One thing that goes on while `serve` does: the schedule, the watch, the dashboard.
public interface Part extends AutoCloseable {
    /// As the log names it: `schedule`.
    String name();

    /// Begins and returns at once, or throws a `ProblemException` that ends `serve`.
    void start();

    /// Ends in order; returns when it has. Also called on a part that was never started.
    @Override
    void close();
}
