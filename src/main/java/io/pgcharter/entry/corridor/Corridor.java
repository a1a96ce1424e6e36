package io.pgcharter.entry.corridor;

import io.pgcharter.engine.engine.Engine;
import io.pgcharter.policy.charter.Charter;

/// One charter and the engine that serves it. Each part comes into being when first asked for. Thread-safe.
public interface Corridor extends AutoCloseable {
    /// @throws io.pgcharter.model.problem.ProblemException `CHARTER_INVALID`, naming the first error and how many
    Charter charter();

    /// @throws io.pgcharter.model.problem.ProblemException `CHARTER_INVALID`, `STATE_UNAVAILABLE`
    Engine engine();

    /// Asks everything that runs to stop; does nothing if nothing was begun.
    void cancelAll();

    @Override
    void close();
}
