package io.pgcharter.engine.engine;

import io.pgcharter.model.operation.Operation;
import io.pgcharter.policy.guard.Decision;

/// Runs operations. Thread-safe. See [Engine#submit].
public final class Engine {
    private Engine() {}

    /// Journals the wish, has the guard judge it, carries it out if allowed, journals the end. Blocks until then.
    public Outcome submit(Operation operation, Asking asking, Observer observer) {
        throw new IllegalStateException("not built yet");
    }

    /// What the guard would say now, with every reason. Does nothing else.
    public Decision explain(Operation operation, Asking asking) {
        throw new IllegalStateException("not built yet");
    }

    /// Asks every run of this process to stop at its next check.
    public void cancelAll() {
        throw new IllegalStateException("not built yet");
    }
}
