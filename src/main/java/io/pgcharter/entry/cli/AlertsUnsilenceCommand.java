package io.pgcharter.entry.cli;

import io.pgcharter.model.operation.Operation;
import io.pgcharter.model.operation.ServingOperation;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

@Command(
        name = "unsilence",
        description = "End a silence before its time.",
        footerHeading = "%nExamples:%n",
        footer = {"  pgcharter alerts unsilence 0f1e2d3c", "  pgcharter alerts unsilence 0f1e2d3c --json"})
final class AlertsUnsilenceCommand implements Wish {
    @Parameters(paramLabel = "SILENCE", description = "The silence's id, as alerts lists it.")
    @Nullable
    String silence;

    @Override
    public List<Operation> operations(Desk desk, BackupFinder backups) {
        return List.of(new ServingOperation.AlertUnsilence(Desk.given(silence)));
    }
}
