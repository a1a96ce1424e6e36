package io.pgcharter.entry.cli;

import io.pgcharter.model.id.DatabaseName;
import io.pgcharter.model.operation.Operation;
import io.pgcharter.model.operation.Operation.Maintain.Task;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

@Command(
        name = "maintain",
        description = "Do the maintenance a database needs: each thing by what was measured, nothing that keeps"
                + " others from writing. Outside of the charter's window you are asked for the database's name.",
        footerHeading = "%nExamples:%n",
        footer = {"  pgcharter maintain payments", "  pgcharter maintain payments reindex"})
final class MaintainCommand implements Wish {
    @Parameters(index = "0", paramLabel = "DATABASE", description = "The database, as the charter names it.")
    @Nullable
    DatabaseName database;

    @Parameters(
            index = "1",
            arity = "0..1",
            paramLabel = "TASK",
            description = "Only this: partitions, vacuum, statistics or reindex. Default: each in this order.")
    @Nullable
    Task task;

    @Override
    public List<Operation> operations(Desk desk, BackupFinder backups) {
        DatabaseName name = desk.database(database);
        if (task != null) {
            return List.of(new Operation.Maintain(name, task));
        }
        boolean hasPartitions =
                !desk.charter().serving().maintenance().of(name).partitions().isEmpty();
        return List.of(Task.PARTITIONS, Task.VACUUM, Task.STATISTICS, Task.REINDEX).stream()
                .filter(each -> each != Task.PARTITIONS || hasPartitions)
                .<Operation>map(each -> new Operation.Maintain(name, each))
                .toList();
    }
}
