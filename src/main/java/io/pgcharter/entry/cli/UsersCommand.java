package io.pgcharter.entry.cli;

import picocli.CommandLine.Command;

@Command(
        name = "users",
        description = "Say who may use the dashboard and the API of 'pgcharter serve'.",
        synopsisSubcommandLabel = "list|add|remove",
        footerHeading = "%nExamples:%n",
        footer = {"  pgcharter users list", "  pgcharter users add alice --role operator"},
        subcommands = {UsersListCommand.class, UsersAddCommand.class, UsersRemoveCommand.class})
final class UsersCommand {}
