package io.pgcharter.entry.cli;

import io.pgcharter.model.operation.Operation;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

@Command(
        name = "approve",
        description = "Agree to an operation of another person that waits for approval.",
        footerHeading = "%nExamples:%n",
        footer = {"  pgcharter approve 7f3a9c", "  pgcharter explain approve 7f3a9c"})
final class ApproveCommand implements Wish {
    @Parameters(paramLabel = "REQUEST", description = "The id that the waiting operation printed.")
    @Nullable
    String request;

    @Override
    public List<Operation> operations(Desk desk, BackupFinder backups) {
        return List.of(new Operation.Approve(Desk.given(request)));
    }
}
