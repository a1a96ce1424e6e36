package io.pgcharter.entry.cli;

import io.pgcharter.model.id.DatabaseName;
import io.pgcharter.model.operation.Operation;
import io.pgcharter.model.operation.SchemaOperation;
import io.pgcharter.model.operation.SchemaOperation.MigrateResolve.Standing;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(
        name = "resolve",
        description =
                "Say how a migration stands that failed, was edited, or was done by hand. Changes the history table only.",
        footerHeading = "%nExamples:%n",
        footer = {
            "  pgcharter migrate resolve shop 20260301120000_add_orders --rolled-back",
            "  pgcharter migrate resolve shop 20260301120000_add_orders --applied"
        })
final class MigrateResolveCommand implements Wish {
    @Parameters(index = "0", paramLabel = "DATABASE", description = "The database, as the charter names it.")
    @Nullable
    DatabaseName database;

    @Parameters(index = "1", paramLabel = "MIGRATION", description = "Its name, as migrate status shows it.")
    String migration = "";

    @ArgGroup(multiplicity = "1")
    Said said = new Said();

    /// One of the two.
    static final class Said {
        @Option(names = "--applied", description = "All of it is in the database, as its file says now.")
        boolean applied;

        @Option(names = "--rolled-back", description = "Nothing of it is in the database, or it is of no concern.")
        boolean rolledBack;
    }

    @Override
    public List<Operation> operations(Desk desk, BackupFinder backups) {
        return List.of(new SchemaOperation.MigrateResolve(
                desk.database(database), migration, said.applied ? Standing.APPLIED : Standing.ROLLED_BACK));
    }
}
