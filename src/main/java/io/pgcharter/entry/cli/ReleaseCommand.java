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
        name = "release",
        description =
                "Bring rehearsed migrations into a database: back it up, tell people, apply, compare with the"
                        + " rehearsal, watch; or go back, as the charter says. One that was stopped is taken up where it stood.",
        footerHeading = "%nExamples:%n",
        footer = {"  pgcharter release shop", "  pgcharter release shop --abandon"})
final class ReleaseCommand implements Wish {
    @Parameters(index = "0", paramLabel = "DATABASE", description = "The database, as the charter names it.")
    @Nullable
    DatabaseName database;

    @Option(
            names = "--abandon",
            description = "End the release that is open, as it is: you have seen to the database yourself."
                    + " The health endpoint says 200 again; nothing else is changed.")
    boolean abandon;

    @Override
    public List<Operation> operations(Desk desk, BackupFinder backups) {
        return List.of(new SchemaOperation.Release(desk.database(database), abandon));
    }
}
