package io.pgcharter.entry.cli;

import io.pgcharter.model.operation.Operation;
import io.pgcharter.model.operation.ServingOperation;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(
        name = "acknowledge",
        description =
                "Take care of an alert: it is not repeated while it lasts. If it gets worse, it is nobody's again.",
        footerHeading = "%nExamples:%n",
        footer = {
            "  pgcharter alerts acknowledge 0f1e2d3c --because disk-is-ordered",
            "  pgcharter alerts acknowledge 0f1e --because vacuum-runs"
        })
final class AlertsAcknowledgeCommand implements Wish {
    @Parameters(paramLabel = "ALERT", description = "The alert's id, or its first digits.")
    @Nullable
    String alert;

    @Option(
            names = "--because",
            paramLabel = "TEXT",
            required = true,
            description = "What you do about it, in one line.")
    @Nullable
    String because;

    @Override
    public List<Operation> operations(Desk desk, BackupFinder backups) {
        return List.of(new ServingOperation.AlertAcknowledge(
                Desk.given(alert), AlertsCommand.reason(because, "alerts acknowledge ALERT")));
    }
}
