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
        name = "drift",
        description =
                "Show what in DATABASE's schema is not as it should be, and end with 1 if anything is not: by what its"
                        + " own migrations make on a scratch server, or by another database. Reads system catalogs; changes"
                        + " nothing.",
        footerHeading = "%nExamples:%n",
        footer = {"  pgcharter schema drift payments", "  pgcharter schema drift payments-staging --from payments"})
final class SchemaDriftCommand implements Wish {
    @Parameters(index = "0", paramLabel = "DATABASE", description = "The database to judge.")
    @Nullable
    DatabaseName database;

    @Option(
            names = "--from",
            paramLabel = "OTHER",
            description = "The database that it should be like, not its migrations.")
    @Nullable
    DatabaseName other;

    @Override
    public List<Operation> operations(Desk desk, BackupFinder backups) {
        return List.of(new SchemaOperation.SchemaDrift(
                desk.database(database), Optional.ofNullable(other).map(desk::database)));
    }
}
