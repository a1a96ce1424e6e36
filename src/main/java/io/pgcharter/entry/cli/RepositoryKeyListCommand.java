package io.pgcharter.entry.cli;

import io.pgcharter.model.id.RepositoryName;
import io.pgcharter.model.operation.Operation;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

@Command(
        name = "list",
        description = "List a repository's keys: one for each password that opens it.",
        footerHeading = "%nExamples:%n",
        footer = {"  pgcharter repository key list offsite", "  pgcharter repository key list offsite --json"})
final class RepositoryKeyListCommand implements Wish {
    @Parameters(paramLabel = "REPOSITORY", description = "The repository, as the charter names it.")
    @Nullable
    RepositoryName repository;

    @Override
    public List<Operation> operations(Desk desk, BackupFinder backups) {
        return List.of(new Operation.RepositoryKeyList(desk.repository(repository)));
    }
}
