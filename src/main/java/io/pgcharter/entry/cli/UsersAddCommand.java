package io.pgcharter.entry.cli;

import io.pgcharter.model.operation.AccessOperation;
import io.pgcharter.model.operation.Operation;
import io.pgcharter.model.operation.Role;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(
        name = "add",
        description = {
            "Let a person use the dashboard and the API. Prints a link, good for one use within a day, with which the"
                    + " person sets a password.",
            "For somebody who is there already: another role, or a new link because the password is forgotten."
        },
        footerHeading = "%nExamples:%n",
        footer = {"  pgcharter users add alice --role operator", "  pgcharter users add bob --role approver"})
final class UsersAddCommand implements Wish {
    @Parameters(paramLabel = "USER", description = "The person's login name; approvals are given by this name.")
    @Nullable
    String user;

    @Option(
            names = "--role",
            paramLabel = "ROLE",
            required = true,
            description = {
                "viewer: sees everything, changes nothing. operator: also asks for work.",
                "approver: a viewer who also agrees to what others ask. admin: everything."
            })
    @Nullable
    Role role;

    @Override
    public List<Operation> operations(Desk desk, BackupFinder backups) {
        return List.of(new AccessOperation.UserAdd(Desk.given(user), Desk.given(role)));
    }
}
