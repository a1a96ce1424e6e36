package io.pgcharter.entry.cli;

import io.pgcharter.model.operation.Operation;
import io.pgcharter.model.problem.ProblemCode;
import io.pgcharter.model.problem.ProblemException;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

@Command(
        name = "pin",
        description = "Exempt a backup from retention until it is unpinned. The reason is kept in the repository.",
        footerHeading = "%nExamples:%n",
        footer = {
            "  pgcharter backups pin 1f2e3d4c --because audit-2026",
            "  pgcharter backups pin latest --database payments --because before-migration"
        })
final class BackupsPinCommand implements Wish {
    @Mixin
    BackupChoice choice = new BackupChoice();

    @Option(
            names = "--because",
            paramLabel = "TEXT",
            required = true,
            description = "Why, in one line. Shown by backups and retention.")
    @Nullable
    String because;

    @Override
    public List<Operation> operations(Desk desk, BackupFinder backups) {
        String reason = Desk.given(because);
        if (!Operation.BackupPin.isReason(reason)) {
            throw new ProblemException(
                    ProblemCode.USAGE,
                    "--because gives no reason",
                    "it is one line of at most " + Operation.BackupPin.BECAUSE_MAX + " characters, not blank",
                    "pgcharter backups pin BACKUP --because \"audit 2026\"");
        }
        BackupFinder.Found found = choice.find(desk, backups);
        return List.of(new Operation.BackupPin(found.backup(), found.repository(), reason));
    }
}
