package io.pgcharter.engine.journal;

import java.util.List;

/// A place out of the control database's reach that keeps copies of checkpoints.
public interface Anchors {
    /// Keeps the checkpoint and the entries since the last one kept here.
    ///
    /// @param leaves the entries' bytes, from entry number `first`
    /// @throws io.pgcharter.model.problem.ProblemException if it cannot be kept
    void write(Checkpoint checkpoint, List<byte[]> leaves, long first);

    /// All that is kept.
    ///
    /// @throws io.pgcharter.model.problem.ProblemException if the place cannot be read
    List<Anchor> read();
}
