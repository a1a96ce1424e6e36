package io.pgcharter.entry.cli;

import io.pgcharter.model.id.DatabaseName;
import io.pgcharter.model.operation.Operation;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

@Command(
        name = "list",
        description = "List the sessions of the database's server: who, since when, and who blocks whom."
                + " Statements are shown without their literals.",
        footerHeading = "%nExamples:%n",
        footer = {"  pgcharter sessions list payments", "  pgcharter sessions list payments --json"})
final class SessionsListCommand implements Wish {
    @Parameters(paramLabel = "DATABASE", description = "The database, as the charter names it.")
    @Nullable
    DatabaseName database;

    @Override
    public List<Operation> operations(Desk desk, BackupFinder backups) {
        return List.of(new Operation.SessionsList(desk.database(database)));
    }
}
