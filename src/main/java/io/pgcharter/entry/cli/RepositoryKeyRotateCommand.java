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
        name = "rotate",
        description = "Put a new password in the place of the one that the charter names.",
        footerHeading = "%nExamples:%n",
        footer = {
            "  pgcharter repository key rotate offsite --password env:NEW_PASSWORD",
            "  pgcharter explain repository key rotate offsite --password env:NEW_PASSWORD"
        })
final class RepositoryKeyRotateCommand implements Wish {
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
        return List.of(new Operation.RepositoryKeyRotate(desk.repository(repository), Desk.given(password)));
    }
}
