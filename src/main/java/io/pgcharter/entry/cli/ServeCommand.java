package io.pgcharter.entry.cli;

import picocli.CommandLine.Command;

@Command(
        name = "serve",
        description =
                "Make the charter happen without anyone typing, until the process is stopped: schedule, health checks,"
                        + " metrics, alerts, dashboard. Several nodes may serve one charter.",
        footerHeading = "%nExamples:%n",
        footer = {"  pgcharter serve", "  pgcharter serve --charter /etc/pgcharter/charter.yaml"})
final class ServeCommand implements Action {
    @Override
    public int run(Desk desk) {
        desk.corridor().serve(text -> desk.screen().line(text));
        return ExitCode.DONE;
    }
}
