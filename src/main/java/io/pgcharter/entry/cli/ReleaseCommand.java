package io.pgcharter.entry.cli;

import io.pgcharter.entry.corridor.OutcomeJson;
import io.pgcharter.entry.corridor.ReleaseRow;
import io.pgcharter.model.id.DatabaseName;
import io.pgcharter.model.operation.Operation;
import io.pgcharter.model.operation.SchemaOperation;
import io.pgcharter.model.problem.ProblemCode;
import io.pgcharter.model.problem.ProblemException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(
        name = "release",
        description =
                "Bring rehearsed migrations into a database: back it up, tell people, apply, compare with the"
                        + " rehearsal, watch; or go back, as the charter says. One that was stopped is taken up where it stood.",
        footerHeading = "%nExamples:%n",
        footer = {"  pgcharter release shop --wait 12h", "  pgcharter release shop --history"})
final class ReleaseCommand implements Wish, Action {
    private static final int HISTORY_SHOWN = 50;

    @Parameters(index = "0", paramLabel = "DATABASE", description = "The database, as the charter names it.")
    @Nullable
    DatabaseName database;

    @Option(
            names = "--abandon",
            description = "End the release that is open, as it is: you have seen to the database yourself."
                    + " The health endpoint says 200 again; nothing else is changed.")
    boolean abandon;

    @Option(
            names = "--wait",
            paramLabel = "TIME",
            description = "Where the charter's window is closed, wait for it, but not longer than this: 90m, 12h; at"
                    + " most 7d. What can be known to be wrong is said before.")
    @Nullable
    Duration wait;

    @Option(
            names = "--history",
            description = "Show the releases of the database that are over instead, the newest first; at most 50.")
    boolean history;

    @Override
    public List<Operation> operations(Desk desk, BackupFinder backups) {
        if (wait != null && (abandon || wait.compareTo(SchemaOperation.Release.WAIT_MAX) > 0)) {
            throw new ProblemException(
                    ProblemCode.USAGE,
                    abandon ? "--abandon waits for nothing" : "--wait is longer than a week",
                    abandon ? "it ends the release that is open, at once" : "a window opens at least once a week",
                    "pgcharter release DATABASE " + (abandon ? "--abandon" : "--wait 12h"));
        }
        return List.of(new SchemaOperation.Release(desk.database(database), abandon, Optional.ofNullable(wait)));
    }

    @Override
    public int run(Desk desk) {
        if (!history) {
            return new Submission(desk).run(this);
        }
        List<ReleaseRow> rows =
                desk.corridor().readings().releases().over(desk.database(database), HISTORY_SHOWN).stream()
                        .map(ReleaseRow::of)
                        .toList();
        if (desk.json()) {
            desk.screen().line(OutcomeJson.text(Map.of("releases", rows)));
        } else {
            new ReleaseText(desk.screen()).history(rows);
        }
        return ExitCode.DONE;
    }
}
