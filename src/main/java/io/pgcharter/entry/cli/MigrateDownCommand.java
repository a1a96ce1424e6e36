package io.pgcharter.entry.cli;

import io.pgcharter.model.id.DatabaseName;
import io.pgcharter.model.operation.Operation;
import io.pgcharter.model.operation.SchemaOperation;
import io.pgcharter.model.problem.ProblemCode;
import io.pgcharter.model.problem.ProblemException;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(
        name = "down",
        description = "Undo the newest migrations by their own files, newest first: down.sql, U1__name.sql,"
                + " 0001_name.down.sql.",
        footerHeading = "%nExamples:%n",
        footer = {"  pgcharter migrate down shop", "  pgcharter migrate down shop --count 2"})
final class MigrateDownCommand implements Wish {
    @Parameters(index = "0", paramLabel = "DATABASE", description = "The database, as the charter names it.")
    @Nullable
    DatabaseName database;

    @Option(
            names = "--count",
            paramLabel = "N",
            description = "How many. Default: ${DEFAULT-VALUE}.",
            defaultValue = "1")
    int count;

    @Override
    public List<Operation> operations(Desk desk, BackupFinder backups) {
        if (count < 1) {
            throw new ProblemException(
                    ProblemCode.USAGE,
                    "--count is " + count,
                    "it is a number of migrations, at least 1",
                    "pgcharter migrate down DATABASE --count 1");
        }
        return List.of(new SchemaOperation.MigrateDown(desk.database(database), count));
    }
}
