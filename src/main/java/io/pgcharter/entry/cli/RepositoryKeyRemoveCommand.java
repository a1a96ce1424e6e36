package io.pgcharter.entry.cli;

import io.pgcharter.model.id.RepositoryName;
import io.pgcharter.model.operation.Operation;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

@Command(
        name = "remove",
        description = "Let a password open a repository no longer; the last one, and the one in use, stay.",
        footerHeading = "%nExamples:%n",
        footer = {
            "  pgcharter repository key remove offsite 1f2e3d4c",
            "  pgcharter explain repository key remove offsite 1f2e3d4c"
        })
final class RepositoryKeyRemoveCommand implements Wish {
    @Parameters(index = "0", paramLabel = "REPOSITORY", description = "The repository, as the charter names it.")
    @Nullable
    RepositoryName repository;

    @Parameters(index = "1", paramLabel = "KEY", description = "The key's id, or its first 8 digits or more.")
    @Nullable
    String key;

    @Override
    public List<Operation> operations(Desk desk, BackupFinder backups) {
        return List.of(new Operation.RepositoryKeyRemove(desk.repository(repository), Desk.given(key)));
    }
}
