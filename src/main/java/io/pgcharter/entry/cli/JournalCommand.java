package io.pgcharter.entry.cli;

import picocli.CommandLine.Command;

@Command(
        name = "journal",
        description = "Show what was asked, decided, begun and ended.",
        synopsisSubcommandLabel = "[verify]",
        footerHeading = "%nExamples:%n",
        footer = {"  pgcharter journal --last 50", "  pgcharter journal verify"},
        subcommands = JournalVerifyCommand.class)
final class JournalCommand implements Action {
    @Override
    public int run(Desk desk) {
        return 0;
    }
}
