package io.pgcharter.entry.cli;

import io.pgcharter.model.operation.Operation;
import io.pgcharter.model.operation.ServingOperation;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

@Command(
        name = "try",
        description = "Send a notice that only says that it is one, to see that it arrives.",
        footerHeading = "%nExamples:%n",
        footer = {"  pgcharter alerts try ops-mail", "  pgcharter alerts try chat --json"})
final class AlertsTryCommand implements Wish {
    @Parameters(paramLabel = "RECEIVER", description = "Its name under alerts.receivers of the charter.")
    @Nullable
    String receiver;

    @Override
    public List<Operation> operations(Desk desk, BackupFinder backups) {
        return List.of(new ServingOperation.AlertTry(Desk.given(receiver)));
    }
}
