package io.pgcharter.entry.cli;

import io.pgcharter.model.operation.Operation;
import java.util.List;
import picocli.CommandLine.Command;

@Command(
        name = "verify",
        description = "Hold the journal against its signed checkpoints and against the anchors in the repositories.",
        footerHeading = "%nExamples:%n",
        footer = {"  pgcharter journal verify", "  pgcharter journal verify --json"})
final class JournalVerifyCommand implements Wish {
    @Override
    public List<Operation> operations(Desk desk, BackupFinder backups) {
        return List.of(new Operation.JournalVerify());
    }
}
