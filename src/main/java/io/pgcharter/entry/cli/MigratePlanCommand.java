package io.pgcharter.entry.cli;

import io.pgcharter.model.id.DatabaseName;
import io.pgcharter.model.operation.Operation;
import io.pgcharter.model.operation.SchemaOperation;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

@Command(
        name = "plan",
        description =
                "Say what migrate up would do, statement by statement. Changes nothing; refuses what migrate up would.",
        footerHeading = "%nExamples:%n",
        footer = {"  pgcharter migrate plan shop", "  pgcharter migrate plan shop --json"})
final class MigratePlanCommand implements Wish {
    @Parameters(index = "0", paramLabel = "DATABASE", description = "The database, as the charter names it.")
    @Nullable
    DatabaseName database;

    @Override
    public List<Operation> operations(Desk desk, BackupFinder backups) {
        return List.of(new SchemaOperation.MigratePlan(desk.database(database)));
    }
}
