package io.pgcharter.entry.cli;

import io.pgcharter.model.id.DatabaseName;
import io.pgcharter.model.id.RepositoryName;
import io.pgcharter.model.operation.Operation;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(
        name = "backup",
        description = "Take a logical backup of a database: one snapshot, read in parallel, every table fingerprinted.",
        footerHeading = "%nExamples:%n",
        footer = {"  pgcharter backup payments", "  pgcharter backup payments --to offsite --json"})
final class BackupCommand implements Wish {
    @Parameters(paramLabel = "DATABASE", description = "The database, as the charter names it.")
    @Nullable
    DatabaseName database;

    @Option(
            names = "--to",
            paramLabel = "REPOSITORY",
            description = "The repository to write. Default: every repository of the database's backup plan.")
    @Nullable
    RepositoryName repository;

    @Override
    public List<Operation> operations(Desk desk, BackupFinder backups) {
        DatabaseName wanted = desk.database(database);
        List<RepositoryName> places =
                repository != null ? List.of(desk.repository(repository)) : desk.plannedRepositories(wanted);
        return List.of(new Operation.Backup(wanted, places));
    }
}
