package io.pgcharter.entry.cli;

import io.pgcharter.model.operation.Operation;
import java.util.List;

/// A verb whose arguments mean operations. [Submission] hands them to the engine; `explain` asks what the guard would
/// say of them.
@FunctionalInterface
interface Wish {
    /// @param backups how to find backups that the arguments do not name in full
    List<Operation> operations(Desk desk, BackupFinder backups);
}
