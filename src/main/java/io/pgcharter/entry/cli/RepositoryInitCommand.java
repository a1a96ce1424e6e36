package io.pgcharter.entry.cli;

import io.pgcharter.model.id.RepositoryName;
import io.pgcharter.model.operation.Operation;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(
        name = "init",
        description = "Create a repository at its place; a place that already holds one is refused.",
        footerHeading = "%nExamples:%n",
        footer = {"  pgcharter repository init offsite", "  pgcharter repository init offsite --like onsite"})
final class RepositoryInitCommand implements Wish {
    @Parameters(paramLabel = "REPOSITORY", description = "The repository, as the charter names it.")
    @Nullable
    RepositoryName repository;

    @Option(
            names = "--like",
            paramLabel = "OTHER",
            description = "Cut content where this repository does, so that copies between the two and backups into both"
                    + " share what is equal.")
    @Nullable
    RepositoryName like;

    @Override
    public List<Operation> operations(Desk desk, BackupFinder backups) {
        return List.of(new Operation.RepositoryInit(
                desk.repository(repository), Optional.ofNullable(like).map(desk::repository)));
    }
}
