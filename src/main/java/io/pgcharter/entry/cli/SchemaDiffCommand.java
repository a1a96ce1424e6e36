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
        name = "diff",
        description = "Show what must become of TARGET's objects so that its schema is SOURCE's. Reads system catalogs;"
                + " changes nothing.",
        footerHeading = "%nExamples:%n",
        footer = {
            "  pgcharter schema diff payments payments-dev",
            "  pgcharter schema diff payments payments-dev --script"
        })
final class SchemaDiffCommand implements Wish {
    @Parameters(index = "0", paramLabel = "SOURCE", description = "The database whose schema is wanted.")
    @Nullable
    DatabaseName source;

    @Parameters(index = "1", paramLabel = "TARGET", description = "The database that would be changed.")
    @Nullable
    DatabaseName target;

    @Option(
            names = "--script",
            description = "Print the script that does it, and nothing else, proven on a scratch server first.")
    boolean script;

    @Override
    public List<Operation> operations(Desk desk, BackupFinder backups) {
        return List.of(new SchemaOperation.SchemaDiff(desk.database(source), desk.database(target), script));
    }
}
