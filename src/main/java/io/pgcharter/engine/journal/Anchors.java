package io.pgcharter.engine.journal;

import java.util.List;
import java.util.function.LongFunction;

/// A place out of the control database's reach that keeps copies of checkpoints.
public interface Anchors {
    /// Keeps the checkpoint and the entries since the last one kept here.
    ///
    /// @param leavesFrom the bytes of the entries from a number on, up to the checkpoint's size
    /// @throws io.pgcharter.model.problem.ProblemException if it cannot be kept
    void write(Checkpoint checkpoint, LongFunction<List<byte[]>> leavesFrom);

    /// All that is kept.
    ///
    /// @throws io.pgcharter.model.problem.ProblemException if the place cannot be read
    List<Anchor> read();
}
