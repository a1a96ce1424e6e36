package io.pgcharter.entry.cli;

import io.pgcharter.model.id.RepositoryName;
import io.pgcharter.model.operation.Operation;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

@Command(
        name = "stats",
        description = "Count what a repository holds.",
        footerHeading = "%nExamples:%n",
        footer = {"  pgcharter repository stats offsite", "  pgcharter repository stats offsite --json"})
final class RepositoryStatsCommand implements Wish {
    @Parameters(paramLabel = "REPOSITORY", description = "The repository, as the charter names it.")
    @Nullable
    RepositoryName repository;

    @Override
    public List<Operation> operations(Desk desk, BackupFinder backups) {
        return List.of(new Operation.RepositoryStats(desk.repository(repository)));
    }
}
