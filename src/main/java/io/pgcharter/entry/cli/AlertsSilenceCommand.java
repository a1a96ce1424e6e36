package io.pgcharter.entry.cli;

import io.pgcharter.model.operation.Operation;
import io.pgcharter.model.operation.ServingOperation;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(
        name = "silence",
        description = "Send nothing about a subject for a while. What still stands then is sent then.",
        footerHeading = "%nExamples:%n",
        footer = {
            "  pgcharter alerts silence database/payments --for 2h --because migration",
            "  pgcharter alerts silence check/xid-age --for 1d --because vacuum-runs"
        })
final class AlertsSilenceCommand implements Wish {
    @Parameters(
            paramLabel = "SUBJECT",
            description = "As alerts name it: database/payments, check/xid-age, run/backup, environment/production; or"
                    + " several, in quotes, of which all must fit.")
    @Nullable
    String subject;

    @Option(
            names = "--for",
            paramLabel = "TIME",
            required = true,
            description = "For how long: 30m, 2h, 1d; at most 30d.")
    @Nullable
    Duration lasting;

    @Option(names = "--because", paramLabel = "TEXT", required = true, description = "Why, in one line.")
    @Nullable
    String because;

    @Override
    public List<Operation> operations(Desk desk, BackupFinder backups) {
        return List.of(new ServingOperation.AlertSilence(
                Desk.given(subject),
                Desk.given(lasting),
                AlertsCommand.reason(because, "alerts silence SUBJECT --for 2h")));
    }
}
