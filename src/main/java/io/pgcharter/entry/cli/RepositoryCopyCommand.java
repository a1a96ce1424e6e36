package io.pgcharter.entry.cli;

import io.pgcharter.model.id.BackupId;
import io.pgcharter.model.id.RepositoryName;
import io.pgcharter.model.operation.Operation;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(
        name = "copy",
        description = "Bring the backups that another repository lacks into it, and read back what was written.",
        footerHeading = "%nExamples:%n",
        footer = {
            "  pgcharter repository copy onsite offsite",
            "  pgcharter repository copy onsite offsite --backup 1f2e3d4c"
        })
final class RepositoryCopyCommand implements Wish {
    @Parameters(index = "0", paramLabel = "FROM", description = "The repository to copy from.")
    @Nullable
    RepositoryName from;

    @Parameters(index = "1", paramLabel = "TO", description = "The repository to bring up to date.")
    @Nullable
    RepositoryName to;

    @Option(
            names = "--backup",
            paramLabel = "BACKUP",
            description = "Only this backup: its id in FROM, or its first 8 digits or more. Default: every backup whose"
                    + " plan names TO.")
    @Nullable
    BackupId backup;

    @Override
    public List<Operation> operations(Desk desk, BackupFinder backups) {
        return List.of(
                new Operation.RepositoryCopy(desk.repository(from), desk.repository(to), Optional.ofNullable(backup)));
    }
}
