package io.pgcharter.entry.cli;

import io.pgcharter.model.id.DatabaseName;
import io.pgcharter.model.operation.Operation;
import io.pgcharter.model.operation.SchemaOperation;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(
        name = "baseline",
        description =
                "Take a database without a history for one that has these migrations. Changes the history table only.",
        footerHeading = "%nExamples:%n",
        footer = {
            "  pgcharter migrate baseline shop --to 20260301120000_add_orders",
            "  pgcharter migrate baseline ledger --to 12"
        })
final class MigrateBaselineCommand implements Wish {
    @Parameters(index = "0", paramLabel = "DATABASE", description = "The database, as the charter names it.")
    @Nullable
    DatabaseName database;

    @Option(names = "--to", paramLabel = "MIGRATION", required = true, description = "The last one that it has.")
    String to = "";

    @Override
    public List<Operation> operations(Desk desk, BackupFinder backups) {
        return List.of(new SchemaOperation.MigrateBaseline(desk.database(database), to));
    }
}
