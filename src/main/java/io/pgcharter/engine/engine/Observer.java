package io.pgcharter.engine.engine;

import io.pgcharter.model.id.RunId;
import io.pgcharter.model.operation.Run.Unit;

/// Watches a run. Called from several threads; must return at once.
public interface Observer {
    /// The wish has its run, of which nothing is begun. What this throws, the submission throws, with nothing done.
    default void asked(RunId run) {}
    /// The run was allowed, holds its target and stands in the history.
    default void begun(RunId run) {}

    /// @param step number of the step within the run, from 1
    void stepBegun(RunId run, int step, String name, long total, Unit unit);

    /// @param done units done so far in this step; called at most ten times a second for each step
    void stepMoved(RunId run, int step, long done);

    void stepEnded(RunId run, int step, long done);

    /// Something a person should know that does not make the run a failure.
    default void warned(RunId run, String text) {}

    /// Watches nothing.
    static Observer none() {
        return new Observer() {
            @Override
            public void stepBegun(RunId run, int step, String name, long total, Unit unit) {}

            @Override
            public void stepMoved(RunId run, int step, long done) {}

            @Override
            public void stepEnded(RunId run, int step, long done) {}
        };
    }
}
