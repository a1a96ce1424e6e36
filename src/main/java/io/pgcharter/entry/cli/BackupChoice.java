package io.pgcharter.entry.cli;

import io.pgcharter.model.id.BackupId;
import io.pgcharter.model.id.DatabaseName;
import io.pgcharter.model.id.RepositoryName;
import io.pgcharter.model.problem.ProblemCode;
import io.pgcharter.model.problem.ProblemException;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/// Arguments that name one backup, as `backups pin` and `backups unpin` take them.
final class BackupChoice {
    @Parameters(
            paramLabel = "BACKUP",
            description = "A backup's id or its first 8 digits or more; or `latest`, with --database.")
    @Nullable
    String backup;

    @Option(names = "--database", paramLabel = "DATABASE", description = "The database whose `latest` is meant.")
    @Nullable
    DatabaseName database;

    @Option(
            names = "--repository",
            paramLabel = "REPOSITORY",
            description =
                    "The repository that holds it. Default: whichever has it; for `latest`, the first of the backup plan.")
    @Nullable
    RepositoryName repository;

    BackupFinder.Found find(Desk desk, BackupFinder backups) {
        Optional<BackupId> id = desk.backupOrLatest(backup);
        if (id.isPresent()) {
            return backups.locate(
                    id.get(),
                    repository != null
                            ? List.of(desk.repository(repository))
                            : List.copyOf(desk.charter().repositories().keySet()));
        }
        if (database == null) {
            throw new ProblemException(
                    ProblemCode.USAGE,
                    "the latest backup of what?",
                    "'latest' was given without --database",
                    "add --database DATABASE, or give the backup's id");
        }
        DatabaseName of = desk.database(database);
        RepositoryName from = repository != null
                ? desk.repository(repository)
                : desk.plannedRepositories(of).getFirst();
        return new BackupFinder.Found(backups.find(Optional.empty(), of, from), from, of);
    }
}
