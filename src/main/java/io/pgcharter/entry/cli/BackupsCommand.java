package io.pgcharter.entry.cli;

import io.pgcharter.model.id.DatabaseName;
import io.pgcharter.model.id.RepositoryName;
import io.pgcharter.model.operation.Operation;
import io.pgcharter.model.operation.Report;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

@Command(
        name = "backups",
        description = "List the backups, newest first, with when each was last proven and why it is pinned.",
        synopsisSubcommandLabel = "[pin|unpin]",
        footerHeading = "%nExamples:%n",
        footer = {"  pgcharter backups", "  pgcharter backups --repository offsite --database payments"},
        subcommands = {BackupsPinCommand.class, BackupsUnpinCommand.class})
final class BackupsCommand implements Wish, ReportFilter {
    @Option(
            names = "--repository",
            paramLabel = "REPOSITORY",
            description = "The repository to list. Default: every repository of the charter.")
    @Nullable
    RepositoryName repository;

    @Option(names = "--database", paramLabel = "DATABASE", description = "Only backups of this database.")
    @Nullable
    DatabaseName database;

    @Override
    public List<Operation> operations(Desk desk, BackupFinder backups) {
        if (database != null) {
            desk.database(database);
        }
        List<RepositoryName> places = repository != null
                ? List.of(desk.repository(repository))
                : List.copyOf(desk.charter().repositories().keySet());
        return places.stream().<Operation>map(Operation.Backups::new).toList();
    }

    @Override
    public Report filter(Report report) {
        return report instanceof Report.Backups listing && database != null
                ? new Report.Backups(
                        listing.repository(),
                        listing.backups().stream()
                                .filter(row -> row.database().equals(database))
                                .toList())
                : report;
    }
}
