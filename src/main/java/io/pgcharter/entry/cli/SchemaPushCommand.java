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
        name = "push",
        description =
                "Give TARGET the schema of SOURCE, along a flow the charter allows: the script is proven on a scratch"
                        + " server and carried out in one transaction, or, on large tables, in steps that keep nobody waiting;"
                        + " run again, it goes on. No row travels.",
        footerHeading = "%nExamples:%n",
        footer = {
            "  pgcharter schema push payments payments-dev",
            "  pgcharter schema push payments payments-dev --losing --confirm payments-dev"
        })
final class SchemaPushCommand implements Wish {
    @Parameters(index = "0", paramLabel = "SOURCE", description = "The database whose schema is wanted.")
    @Nullable
    DatabaseName source;

    @Parameters(index = "1", paramLabel = "TARGET", description = "The database to change.")
    @Nullable
    DatabaseName target;

    @Option(
            names = "--losing",
            description = "Also drop or convert what holds rows. Without it such a push is refused, with what would be"
                    + " lost.")
    boolean losing;

    @Override
    public List<Operation> operations(Desk desk, BackupFinder backups) {
        return List.of(new SchemaOperation.SchemaPush(desk.database(source), desk.database(target), losing));
    }
}
