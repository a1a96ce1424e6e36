package io.pgcharter.entry.cli;

import picocli.AutoComplete;
import picocli.CommandLine.Command;

@Command(
        name = "completion",
        description = "Print the script that makes bash complete pgcharter's verbs and options.",
        footerHeading = "%nExamples:%n",
        footer = {"  source <(pgcharter completion)", "  pgcharter completion > /etc/bash_completion.d/pgcharter"})
final class CompletionCommand implements Action {
    @Override
    public int run(Desk desk) {
        desk.screen().line(AutoComplete.bash("pgcharter", Cli.commandLine(new Root())));
        return ExitCode.DONE;
    }
}
