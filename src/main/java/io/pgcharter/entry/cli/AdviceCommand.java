package io.pgcharter.entry.cli;

import io.pgcharter.model.id.DatabaseName;
import io.pgcharter.model.operation.Operation;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

@Command(
        name = "advice",
        description = "Say what could be done for a database: missing and needless indexes, settings; each with the"
                + " evidence, what to type, and what it costs. Changes nothing.",
        footerHeading = "%nExamples:%n",
        footer = {"  pgcharter advice payments", "  pgcharter advice payments --json"})
final class AdviceCommand implements Wish {
    @Parameters(paramLabel = "DATABASE", description = "The database, as the charter names it.")
    @Nullable
    DatabaseName database;

    @Override
    public List<Operation> operations(Desk desk, BackupFinder backups) {
        return List.of(new Operation.Advice(desk.database(database)));
    }
}
