package io.pgcharter.entry.cli;

import io.pgcharter.model.id.DatabaseName;
import io.pgcharter.model.operation.Operation;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

@Command(
        name = "queries",
        description =
                "Show the statements that cost a database most, that are slow, and that have become slower, with how"
                        + " the server would carry them out. Values are never shown, and nothing is executed. Needs the extension"
                        + " pg_stat_statements.",
        footerHeading = "%nExamples:%n",
        footer = {"  pgcharter queries payments", "  pgcharter queries payments --json"})
final class QueriesCommand implements Wish {
    @Parameters(paramLabel = "DATABASE", description = "The database, as the charter names it.")
    @Nullable
    DatabaseName database;

    @Override
    public List<Operation> operations(Desk desk, BackupFinder backups) {
        return List.of(new Operation.Queries(desk.database(database)));
    }
}
