package io.pgcharter.entry.cli;

import io.pgcharter.model.id.BackupId;
import io.pgcharter.model.id.CharterName;
import io.pgcharter.model.id.DatabaseName;
import io.pgcharter.model.id.RepositoryName;
import io.pgcharter.model.operation.Operation;
import io.pgcharter.model.problem.ProblemCode;
import io.pgcharter.model.problem.ProblemException;
import io.pgcharter.policy.charter.Charter;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(
        name = "verify",
        description =
                "Prove a backup: restore it into a scratch server, compare every table's fingerprint, run the charter's"
                        + " smoke queries. The proof is recorded with the backup.",
        footerHeading = "%nExamples:%n",
        footer = {"  pgcharter verify payments", "  pgcharter verify 1f2e3d4c --from offsite"})
final class VerifyCommand implements Wish {
    @Parameters(paramLabel = "DATABASE|BACKUP", description = "A database, for its latest backup; or a backup's id.")
    @Nullable
    String what;

    @Option(
            names = "--from",
            paramLabel = "REPOSITORY",
            description =
                    "The repository that holds it. Default: the first of the backup plan; for an id, whichever has it.")
    @Nullable
    RepositoryName repository;

    @Override
    public List<Operation> operations(Desk desk, BackupFinder backups) {
        String text = Desk.given(what);
        if (CharterName.isValid(text) && desk.charter().databases().containsKey(new DatabaseName(text))) {
            DatabaseName database = new DatabaseName(text);
            RepositoryName from = repository != null
                    ? desk.repository(repository)
                    : desk.plannedRepositories(database).getFirst();
            return List.of(new Operation.Verify(backups.find(Optional.empty(), database, from), from, database));
        }
        if (!BackupId.isValid(text)) {
            throw new ProblemException(
                    ProblemCode.NOT_FOUND,
                    "neither a database nor a backup is called '" + text + "'"
                            + Charter.suggestion(
                                    text, desk.charter().databases().keySet()),
                    desk.charter().file() + " names no such database, and a backup has 8 to 64 hexadecimal digits",
                    "pgcharter backups");
        }
        List<RepositoryName> places = repository != null
                ? List.of(desk.repository(repository))
                : List.copyOf(desk.charter().repositories().keySet());
        BackupFinder.Found found = backups.locate(new BackupId(text), places);
        return List.of(new Operation.Verify(found.backup(), found.repository(), found.database()));
    }
}
