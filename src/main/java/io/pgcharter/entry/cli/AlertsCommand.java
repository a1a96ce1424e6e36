package io.pgcharter.entry.cli;

import io.pgcharter.entry.corridor.AlertRow;
import io.pgcharter.entry.corridor.OutcomeJson;
import io.pgcharter.entry.corridor.Readings;
import io.pgcharter.model.alert.Silence;
import io.pgcharter.model.operation.Operation;
import io.pgcharter.model.problem.ProblemCode;
import io.pgcharter.model.problem.ProblemException;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

@Command(
        name = "alerts",
        description = "List what is wrong, firing first, and what is silenced.",
        synopsisSubcommandLabel = "[acknowledge|silence|unsilence|try]",
        footerHeading = "%nExamples:%n",
        footer = {"  pgcharter alerts", "  pgcharter alerts --history --json"},
        subcommands = {
            AlertsAcknowledgeCommand.class,
            AlertsSilenceCommand.class,
            AlertsUnsilenceCommand.class,
            AlertsTryCommand.class
        })
final class AlertsCommand implements Action {
    private static final int HISTORY_SHOWN = 100;

    @Option(names = "--history", description = "Those that are over, the newest first; at most 100.")
    boolean history;

    @Override
    public int run(Desk desk) {
        Readings readings = desk.corridor().readings();
        List<AlertRow> alerts = history ? readings.alertHistory(HISTORY_SHOWN) : readings.alerts();
        List<Silence> silences = history ? List.of() : readings.book().silences();
        if (desk.json()) {
            desk.screen().line(OutcomeJson.text(Map.of("alerts", alerts, "silences", silences)));
        } else {
            new AlertsText(desk.screen(), desk.clock().instant()).list(alerts, silences);
        }
        return ExitCode.DONE;
    }

    /// @param verb for the remedy: `alerts silence SUBJECT`
    static String reason(@Nullable String because, String verb) {
        String reason = Desk.given(because);
        if (!Operation.BackupPin.isReason(reason)) {
            throw new ProblemException(
                    ProblemCode.USAGE,
                    "--because gives no reason",
                    "it is one line of at most " + Operation.BackupPin.BECAUSE_MAX + " characters, not blank",
                    "pgcharter " + verb + " --because \"disk is being added\"");
        }
        return reason;
    }
}
