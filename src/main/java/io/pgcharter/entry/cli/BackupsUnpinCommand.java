package io.pgcharter.entry.cli;

import io.pgcharter.model.operation.Operation;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

@Command(
        name = "unpin",
        description = "Let retention decide again on a backup.",
        footerHeading = "%nExamples:%n",
        footer = {
            "  pgcharter backups unpin 1f2e3d4c",
            "  pgcharter backups unpin latest --database payments --repository offsite"
        })
final class BackupsUnpinCommand implements Wish {
    @Mixin
    BackupChoice choice = new BackupChoice();

    @Override
    public List<Operation> operations(Desk desk, BackupFinder backups) {
        BackupFinder.Found found = choice.find(desk, backups);
        return List.of(new Operation.BackupUnpin(found.backup(), found.repository()));
    }
}
