package io.pgcharter.entry.cli;

import io.pgcharter.model.id.DatabaseName;
import io.pgcharter.model.operation.Operation;
import io.pgcharter.model.operation.SchemaOperation;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

@Command(
        name = "status",
        description = "Say which migrations the database has and lacks, and what keeps others from being applied.",
        footerHeading = "%nExamples:%n",
        footer = {"  pgcharter migrate status shop", "  pgcharter migrate status shop --json"})
final class MigrateStatusCommand implements Wish {
    @Parameters(index = "0", paramLabel = "DATABASE", description = "The database, as the charter names it.")
    @Nullable
    DatabaseName database;

    @Override
    public List<Operation> operations(Desk desk, BackupFinder backups) {
        return List.of(new SchemaOperation.MigrateStatus(desk.database(database)));
    }
}
