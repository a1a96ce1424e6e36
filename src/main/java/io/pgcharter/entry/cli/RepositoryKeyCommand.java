package io.pgcharter.entry.cli;

import picocli.CommandLine.Command;

@Command(
        name = "key",
        description = "Look after the passwords that open a repository. Each has a key of its own.",
        synopsisSubcommandLabel = "list|add|remove|rotate",
        footerHeading = "%nExamples:%n",
        footer = {
            "  pgcharter repository key list offsite",
            "  pgcharter repository key rotate offsite --password env:NEW_PASSWORD"
        },
        subcommands = {
            RepositoryKeyListCommand.class,
            RepositoryKeyAddCommand.class,
            RepositoryKeyRemoveCommand.class,
            RepositoryKeyRotateCommand.class
        })
final class RepositoryKeyCommand {}
