package io.pgcharter.entry.cli;

import io.pgcharter.model.id.DatabaseName;
import io.pgcharter.model.operation.Operation;
import io.pgcharter.model.operation.SchemaOperation;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

@Command(
        name = "rehearse",
        description = "Apply the migrations that a database lacks to a copy of it, restored from its newest proven"
                + " backup: measure each statement, undo them, compare, apply them again, and judge by the charter's"
                + " limits. The database is only read.",
        footerHeading = "%nExamples:%n",
        footer = {"  pgcharter rehearse shop", "  pgcharter rehearse shop --json"})
final class RehearseCommand implements Wish {
    @Parameters(index = "0", paramLabel = "DATABASE", description = "The database, as the charter names it.")
    @Nullable
    DatabaseName database;

    @Override
    public List<Operation> operations(Desk desk, BackupFinder backups) {
        return List.of(new SchemaOperation.Rehearse(desk.database(database)));
    }
}
