package io.pgcharter.entry.cli;

import picocli.CommandLine.Command;

@Command(
        name = "check",
        description = "Read the charter and print every error and warning. Touches no server and no state.",
        footerHeading = "%nExamples:%n",
        footer = {"  pgcharter check", "  pgcharter check --charter /etc/pgcharter/charter.yaml"})
final class CheckCommand implements Action {
    @Override
    public int run(Desk desk) {
        return desk.charter().databases().size();
    }
}
