package io.pgcharter.entry.cli;

import io.pgcharter.model.id.RepositoryName;
import io.pgcharter.model.operation.Operation;
import io.pgcharter.model.secret.SecretText;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(
        name = "add",
        description = "Let one more password open a repository.",
        footerHeading = "%nExamples:%n",
        footer = {
            "  pgcharter repository key add offsite --password env:NEW_PASSWORD",
            "  pgcharter repository key add offsite --password file:/run/secrets/second"
        })
final class RepositoryKeyAddCommand implements Wish {
    @Parameters(paramLabel = "REPOSITORY", description = "The repository, as the charter names it.")
    @Nullable
    RepositoryName repository;

    @Option(
            names = "--password",
            paramLabel = "REFERENCE",
            required = true,
            description = {
                "Where the new password is: env:NAME or file:PATH.",
                "A password itself is never taken from the command line."
            })
    @Nullable
    SecretText password;

    @Override
    public List<Operation> operations(Desk desk, BackupFinder backups) {
        return List.of(new Operation.RepositoryKeyAdd(desk.repository(repository), Desk.given(password)));
    }
}
