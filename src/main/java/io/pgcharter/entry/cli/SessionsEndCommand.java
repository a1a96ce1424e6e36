package io.pgcharter.entry.cli;

import io.pgcharter.model.id.DatabaseName;
import io.pgcharter.model.operation.Operation;
import io.pgcharter.model.operation.Report;
import io.pgcharter.model.problem.ProblemCode;
import io.pgcharter.model.problem.ProblemException;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(
        name = "end",
        description = "Cancel what a session runs; with --force, end the session.",
        footerHeading = "%nExamples:%n",
        footer = {"  pgcharter sessions end payments 4711", "  pgcharter sessions end payments 4711 --force"})
final class SessionsEndCommand implements Wish {
    @Parameters(index = "0", paramLabel = "DATABASE", description = "The database, as the charter names it.")
    @Nullable
    DatabaseName database;

    @Parameters(index = "1", paramLabel = "PID", description = "Its process id: see sessions list.")
    long process;

    @Option(
            names = "--started-at",
            paramLabel = "TIME",
            description = "When it began, as sessions list --json says; another one with its id is then left alone."
                    + " Default: as it is now.")
    @Nullable
    Instant startedAt;

    @Option(names = "--force", description = "End the session, not only its statement.")
    boolean force;

    @Option(
            names = "--because",
            paramLabel = "TEXT",
            description = "Why even a session is ended on which more depends: a replication sender, a run of"
                    + " pgcharter's, an autovacuum that prevents wraparound.")
    @Nullable
    String because;

    @Override
    public List<Operation> operations(Desk desk, BackupFinder backups) {
        DatabaseName name = desk.database(database);
        if (because != null && !Operation.BackupPin.isReason(because)) {
            throw new ProblemException(
                    ProblemCode.USAGE,
                    "--because gives no reason",
                    "it is one line of at most " + Operation.BackupPin.BECAUSE_MAX + " characters, not blank",
                    "pgcharter sessions end DATABASE PID --because \"standby is being rebuilt\"");
        }
        Instant began = startedAt != null ? startedAt : began(desk, name);
        return List.of(new Operation.SessionsEnd(name, process, began, force, Optional.ofNullable(because)));
    }

    private Instant began(Desk desk, DatabaseName name) {
        return desk.mustBeDone(new Operation.SessionsList(name), Report.SessionsList.class).sessions().stream()
                .filter(session -> session.process() == process)
                .map(Report.SessionRow::startedAt)
                .findFirst()
                .orElseThrow(() -> new ProblemException(
                        ProblemCode.NOT_FOUND,
                        "there is no session " + process,
                        "it has ended, or belongs to another server",
                        "pgcharter sessions list " + name));
    }
}
