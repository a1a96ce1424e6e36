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
        name = "seed",
        description =
                "Bring a database into a named state: its tables are emptied, but for the history of migrations, and"
                        + " loaded with what the charter's seeds say, all of it or nothing. A protected database is never seeded.",
        footerHeading = "%nExamples:%n",
        footer = {"  pgcharter seed development --state dev", "  pgcharter seed staging --state test --confirm staging"
        })
final class SeedCommand implements Wish {
    @Parameters(index = "0", paramLabel = "DATABASE", description = "The database, as the charter names it.")
    @Nullable
    DatabaseName database;

    @Option(
            names = "--state",
            paramLabel = "NAME",
            required = true,
            description = "The state, as the charter's seeds name it for the database's environment.")
    String state = "";

    @Override
    public List<Operation> operations(Desk desk, BackupFinder backups) {
        return List.of(new SchemaOperation.Seed(desk.database(database), state));
    }
}
