package io.pgcharter.entry.cli;

import io.pgcharter.model.id.RunId;
import io.pgcharter.model.operation.Operation;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

@Command(
        name = "cancel",
        description = "Ask a run, on any node, to stop at its next check.",
        footerHeading = "%nExamples:%n",
        footer = {"  pgcharter cancel 0f1e2d3c4b5a", "  pgcharter explain cancel 0f1e2d3c4b5a"})
final class CancelCommand implements Wish {
    @Parameters(paramLabel = "RUN", description = "The run's id, as progress and journal show it.")
    @Nullable
    RunId run;

    @Override
    public List<Operation> operations(Desk desk, BackupFinder backups) {
        return List.of(new Operation.Cancel(Desk.given(run)));
    }
}
