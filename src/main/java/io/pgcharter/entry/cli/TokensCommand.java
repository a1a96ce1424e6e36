package io.pgcharter.entry.cli;

import picocli.CommandLine.Command;

@Command(
        name = "tokens",
        description = "Look after the tokens with which programs use the API of 'pgcharter serve'.",
        synopsisSubcommandLabel = "list|create|revoke",
        footerHeading = "%nExamples:%n",
        footer = {
            "  pgcharter tokens list",
            "  pgcharter tokens create --user alice --name nightly-report --scope viewer --lasting 90d"
        },
        subcommands = {TokensListCommand.class, TokensCreateCommand.class, TokensRevokeCommand.class})
final class TokensCommand {}
