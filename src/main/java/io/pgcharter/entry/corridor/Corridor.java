package io.pgcharter.entry.corridor;

import io.pgcharter.engine.engine.Asking;
import io.pgcharter.engine.engine.Observer;
import io.pgcharter.engine.engine.Outcome;
import io.pgcharter.model.operation.Operation;
import io.pgcharter.policy.charter.Charter;
import io.pgcharter.policy.charter.Charters;
import io.pgcharter.policy.guard.Decision;
import java.util.List;
import java.util.function.Consumer;

/// One charter and the engine that serves it. Each part comes into being when first asked for: reading a charter
/// touches neither state nor servers. Thread-safe.
public interface Corridor extends AutoCloseable {
    /// The charter as it reads: sound, with warnings; or with all its errors.
    ///
    /// @throws io.pgcharter.model.problem.ProblemException `CHARTER_INVALID` if there is no file to read
    Charters.Reading reading();

    /// @throws io.pgcharter.model.problem.ProblemException `CHARTER_INVALID`, with every error
    Charter charter();

    /// Says that SQL will have to be read soon: the parser is made meanwhile.
    void expectSql();

    /// Hands the operation to the engine and waits until it has ended. If it throws, nothing was begun.
    ///
    /// @throws io.pgcharter.model.problem.ProblemException `CHARTER_INVALID`, `STATE_UNAVAILABLE`
    Outcome submit(Operation operation, Asking asking, Observer observer);

    /// What the guard would say now.
    Decision explain(Operation operation, Asking asking);

    /// The last `count` entries of the journal, oldest first.
    List<JournalLine> journal(int count);

    /// The `count` entries of the journal before the one numbered `number`, oldest first.
    List<JournalLine> journalBefore(long number, int count);

    /// What the control database knows, for reading.
    ///
    /// @throws io.pgcharter.model.problem.ProblemException `CHARTER_INVALID`, `STATE_UNAVAILABLE`
    Readings readings();

    /// Makes the charter happen until [#cancelAll] is called: returns then, when what ran has stopped.
    ///
    /// @param announce told what a person should know when it is up, line by line
    /// @throws io.pgcharter.model.problem.ProblemException `CHARTER_INVALID`, `STATE_UNAVAILABLE`
    void serve(Consumer<String> announce);

    /// Asks everything that runs to stop; does nothing if nothing was begun.
    void cancelAll();

    @Override
    void close();
}
