package io.pgcharter.entry.cli;

import io.pgcharter.model.id.DatabaseName;
import io.pgcharter.model.operation.Operation;
import io.pgcharter.model.operation.SchemaOperation;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(
        name = "up",
        description = "Apply what the database lacks, in order: each migration in one transaction, unless it holds what"
                + " PostgreSQL runs outside of transactions only. Nothing is applied if anything is known to be wrong.",
        footerHeading = "%nExamples:%n",
        footer = {"  pgcharter migrate up shop", "  pgcharter migrate up shop --to 20260301120000_add_orders"})
final class MigrateUpCommand implements Wish {
    @Parameters(index = "0", paramLabel = "DATABASE", description = "The database, as the charter names it.")
    @Nullable
    DatabaseName database;

    @Option(names = "--to", paramLabel = "MIGRATION", description = "The last one to apply. Default: all there are.")
    @Nullable
    String to;

    @Override
    public List<Operation> operations(Desk desk, BackupFinder backups) {
        return List.of(new SchemaOperation.MigrateUp(desk.database(database), Optional.ofNullable(to)));
    }
}
