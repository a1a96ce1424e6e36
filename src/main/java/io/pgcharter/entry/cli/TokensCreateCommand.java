package io.pgcharter.entry.cli;

import io.pgcharter.model.operation.AccessOperation;
import io.pgcharter.model.operation.Operation;
import io.pgcharter.model.operation.Role;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

@Command(
        name = "create",
        description = "Make a token. It is printed now and never again.",
        footerHeading = "%nExamples:%n",
        footer = {
            "  pgcharter tokens create --user alice --name nightly-report --scope viewer --lasting 90d",
            "  pgcharter tokens create --user alice --name deployment --scope operator"
        })
final class TokensCreateCommand implements Wish {
    @Option(names = "--user", paramLabel = "USER", required = true, description = "The user in whose name it acts.")
    @Nullable
    String user;

    @Option(names = "--name", paramLabel = "TEXT", required = true, description = "What it is for.")
    @Nullable
    String name;

    @Option(
            names = "--scope",
            paramLabel = "ROLE",
            required = true,
            description = "What it may do at most: viewer, operator, approver, admin. Never more than its user.")
    @Nullable
    Role scope;

    @Option(
            names = "--lasting",
            paramLabel = "TIME",
            description = "How long it holds, such as 90d; at most 366d. Default: ${DEFAULT-VALUE}.",
            defaultValue = "90d")
    Duration lasting = Duration.ofDays(90);

    @Override
    public List<Operation> operations(Desk desk, BackupFinder backups) {
        return List.of(new AccessOperation.TokenCreate(Desk.given(user), Desk.given(name), Desk.given(scope), lasting));
    }
}
