package io.pgcharter.entry.cli;

import io.pgcharter.model.id.BackupId;
import io.pgcharter.model.id.DatabaseName;
import io.pgcharter.model.id.RepositoryName;
import io.pgcharter.model.operation.Operation;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(
        name = "restore",
        description = "Load a backup into an empty database, or into a new one on its server.",
        footerHeading = "%nExamples:%n",
        footer = {
            "  pgcharter restore latest --of payments --into payments-dev",
            "  pgcharter restore 1f2e3d4c --of payments --into payments --as-new-database payments_monday"
        })
final class RestoreCommand implements Wish {
    @Parameters(paramLabel = "BACKUP", description = "A backup's id or its first 8 digits or more; or `latest`.")
    @Nullable
    String backup;

    @Option(names = "--of", paramLabel = "DATABASE", required = true, description = "The database it is a backup of.")
    @Nullable
    DatabaseName source;

    @Option(
            names = "--from",
            paramLabel = "REPOSITORY",
            description = "The repository that holds it. Default: the first of the backup plan.")
    @Nullable
    RepositoryName repository;

    @Option(names = "--into", paramLabel = "DATABASE", required = true, description = "The database to load.")
    @Nullable
    DatabaseName target;

    @Option(
            names = "--as-new-database",
            paramLabel = "NAME",
            description = "Create a PostgreSQL database of this name on the server of --into, and load that.")
    @Nullable
    String newDatabase;

    @Option(
            names = "--only",
            paramLabel = "SCHEMA[.TABLE]",
            arity = "1..*",
            description = "Only these schemas or tables; may be given several times.")
    List<String> selection = List.of();

    @Override
    public List<Operation> operations(Desk desk, BackupFinder backups) {
        DatabaseName of = desk.database(source);
        DatabaseName into = desk.database(target);
        RepositoryName from = repository != null
                ? desk.repository(repository)
                : desk.plannedRepositories(of).getFirst();
        BackupId id = backups.find(desk.backupOrLatest(backup), of, from);
        return List.of(new Operation.Restore(id, from, of, into, selection, Optional.ofNullable(newDatabase)));
    }
}
