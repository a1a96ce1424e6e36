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
        name = "check",
        description = "Check that a repository is whole.",
        footerHeading = "%nExamples:%n",
        footer = {"  pgcharter repository check offsite", "  pgcharter repository check offsite --read-data"})
final class RepositoryCheckCommand implements Wish {
    @Parameters(paramLabel = "REPOSITORY", description = "The repository, as the charter names it.")
    @Nullable
    RepositoryName repository;

    @Option(names = "--read-data", description = "Also read every pack and check every blob.")
    boolean readData;

    @Override
    public List<Operation> operations(Desk desk, BackupFinder backups) {
        return List.of(new Operation.RepositoryCheck(
                desk.repository(repository),
                readData ? Optional.of(new Operation.Reading(Operation.Reading.DUE_DEFAULT, 100)) : Optional.empty()));
    }
}
