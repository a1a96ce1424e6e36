package io.pgcharter.entry.cli;

import picocli.CommandLine.Command;

@Command(
        name = "retention",
        description = "Keep the backups that the charter says, and forget the others.",
        synopsisSubcommandLabel = "plan|apply",
        footerHeading = "%nExamples:%n",
        footer = {"  pgcharter retention plan", "  pgcharter retention apply payments --repository offsite"},
        subcommands = {RetentionPlanCommand.class, RetentionApplyCommand.class})
final class RetentionCommand {}
