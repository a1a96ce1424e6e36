package io.pgcharter.entry.cli;

import picocli.CommandLine.Command;

@Command(
        name = "sessions",
        description = "See who works on a database's server, who waits for whom, and end a session.",
        synopsisSubcommandLabel = "list|end",
        footerHeading = "%nExamples:%n",
        footer = {"  pgcharter sessions list payments", "  pgcharter sessions end payments 4711"},
        subcommands = {SessionsListCommand.class, SessionsEndCommand.class})
final class SessionsCommand {}
