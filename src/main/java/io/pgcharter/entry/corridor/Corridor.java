package io.pgcharter.entry.corridor;

import io.pgcharter.engine.engine.Engine;
import io.pgcharter.policy.charter.Charter;
import io.pgcharter.policy.charter.Charters;

/// One charter and the engine that serves it. Each part comes into being when first asked for. Thread-safe.
public interface Corridor extends AutoCloseable {
    /// The charter as it reads: sound, with warnings; or with all its errors.
    ///
    /// @throws io.pgcharter.model.problem.ProblemException `CHARTER_INVALID` if there is no file to read
    Charters.Reading reading();

    /// @throws io.pgcharter.model.problem.ProblemException `CHARTER_INVALID`, with every error
    Charter charter();

    /// @throws io.pgcharter.model.problem.ProblemException `CHARTER_INVALID`, `STATE_UNAVAILABLE`
    Engine engine();

    /// Asks everything that runs to stop; does nothing if nothing was begun.
    void cancelAll();

    @Override
    void close();
}
