package io.pgcharter.entry.cli;

import io.pgcharter.model.id.DatabaseName;
import io.pgcharter.model.operation.Operation;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(
        name = "copy",
        description = "Bring the content of one database into another, along a flow the charter allows, and prove it.",
        footerHeading = "%nExamples:%n",
        footer = {"  pgcharter copy payments cold-storage", "  pgcharter copy payments cold-storage --replace"})
final class CopyCommand implements Wish {
    @Parameters(index = "0", paramLabel = "SOURCE", description = "The database to read.")
    @Nullable
    DatabaseName source;

    @Parameters(index = "1", paramLabel = "TARGET", description = "The database to load; empty, unless --replace.")
    @Nullable
    DatabaseName target;

    @Option(names = "--replace", description = "Drop what TARGET holds first.")
    boolean replace;

    @Override
    public List<Operation> operations(Desk desk, BackupFinder backups) {
        return List.of(new Operation.Copy(desk.database(source), desk.database(target), replace));
    }
}
