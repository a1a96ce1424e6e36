package io.pgcharter.entry.cli;

import io.pgcharter.model.id.DatabaseName;
import io.pgcharter.model.operation.Operation;
import io.pgcharter.model.operation.SchemaOperation;
import io.pgcharter.model.operation.SchemaOperation.MigrateImport.Tool;
import io.pgcharter.model.problem.ProblemCode;
import io.pgcharter.model.problem.ProblemException;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(
        name = "import",
        description =
                "Take over the history that sqitch or Liquibase left in the database. Reads its tables, writes the layout's.",
        footerHeading = "%nExamples:%n",
        footer = {"  pgcharter migrate import shop --from sqitch", "  pgcharter migrate import shop --from liquibase"})
final class MigrateImportCommand implements Wish {
    @Parameters(index = "0", paramLabel = "DATABASE", description = "The database, as the charter names it.")
    @Nullable
    DatabaseName database;

    @Option(names = "--from", paramLabel = "TOOL", required = true, description = "sqitch or liquibase.")
    String from = "";

    @Override
    public List<Operation> operations(Desk desk, BackupFinder backups) {
        return List.of(new SchemaOperation.MigrateImport(
                desk.database(database),
                switch (from) {
                    case "sqitch" -> Tool.SQITCH;
                    case "liquibase" -> Tool.LIQUIBASE;
                    default ->
                        throw new ProblemException(
                                ProblemCode.USAGE,
                                "--from is '" + from + "'",
                                "it is sqitch or liquibase",
                                "pgcharter migrate import DATABASE --from sqitch");
                }));
    }
}
