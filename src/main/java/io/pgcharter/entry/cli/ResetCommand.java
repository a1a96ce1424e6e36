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
        name = "reset",
        description =
                "Make a database anew: drop everything in it, apply its migrations, seed it. Only where the charter"
                        + " calls the environment disposable; you are asked for the database's name.",
        footerHeading = "%nExamples:%n",
        footer = {"  pgcharter reset development --state dev", "  pgcharter reset development --confirm development"})
final class ResetCommand implements Wish {
    @Parameters(index = "0", paramLabel = "DATABASE", description = "The database, as the charter names it.")
    @Nullable
    DatabaseName database;

    @Option(
            names = "--state",
            paramLabel = "NAME",
            description = "What it is seeded with, as the charter's seeds name it. Default: nothing.")
    @Nullable
    String state;

    @Override
    public List<Operation> operations(Desk desk, BackupFinder backups) {
        return List.of(new SchemaOperation.Reset(desk.database(database), Optional.ofNullable(state)));
    }
}
