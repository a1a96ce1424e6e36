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
        name = "repair",
        description = "Make a damaged repository whole again, as far as it can be. Damaged files are set aside, never"
                + " thrown away.",
        footerHeading = "%nExamples:%n",
        footer = {"  pgcharter repository repair offsite", "  pgcharter repository repair offsite --from onsite"})
final class RepositoryRepairCommand implements Wish {
    @Parameters(paramLabel = "REPOSITORY", description = "The repository, as the charter names it.")
    @Nullable
    RepositoryName repository;

    @Option(
            names = "--from",
            paramLabel = "REPOSITORY",
            description = "Take what is lost from this repository, if it has it.")
    @Nullable
    RepositoryName from;

    @Override
    public List<Operation> operations(Desk desk, BackupFinder backups) {
        return List.of(new Operation.RepositoryRepair(
                desk.repository(repository), Optional.ofNullable(from).map(desk::repository)));
    }
}
