package io.pgcharter.entry.cli;

import io.pgcharter.model.id.BackupId;
import io.pgcharter.model.id.RepositoryName;
import io.pgcharter.model.operation.Operation;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

@Command(
        name = "forget",
        description = "Remove one backup from a repository's list. Its blobs stay until a prune.",
        footerHeading = "%nExamples:%n",
        footer = {
            "  pgcharter repository forget offsite 1f2e3d4c",
            "  pgcharter explain repository forget offsite 1f2e3d4c"
        })
final class RepositoryForgetCommand implements Wish {
    @Parameters(index = "0", paramLabel = "REPOSITORY", description = "The repository, as the charter names it.")
    @Nullable
    RepositoryName repository;

    @Parameters(index = "1", paramLabel = "BACKUP", description = "The backup's id, or its first 8 digits or more.")
    @Nullable
    BackupId backup;

    @Override
    public List<Operation> operations(Desk desk, BackupFinder backups) {
        return List.of(new Operation.RepositoryForget(desk.repository(repository), Desk.given(backup)));
    }
}
