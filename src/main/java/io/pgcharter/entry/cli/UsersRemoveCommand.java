package io.pgcharter.entry.cli;

import io.pgcharter.model.operation.AccessOperation;
import io.pgcharter.model.operation.Operation;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

@Command(
        name = "remove",
        description = "Let a person use the dashboard and the API no longer. Logins and tokens end at once.",
        footerHeading = "%nExamples:%n",
        footer = {"  pgcharter users remove alice", "  pgcharter users remove bob --json"})
final class UsersRemoveCommand implements Wish {
    @Parameters(paramLabel = "USER", description = "The user.")
    @Nullable
    String user;

    @Override
    public List<Operation> operations(Desk desk, BackupFinder backups) {
        return List.of(new AccessOperation.UserRemove(Desk.given(user)));
    }
}
