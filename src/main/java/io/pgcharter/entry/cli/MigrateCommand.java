package io.pgcharter.entry.cli;

import picocli.CommandLine.Command;

@Command(
        name = "migrate",
        description =
                "Apply migrations as Prisma, Flyway or plain files store them, undo them, and keep the history table"
                        + " that the team's own tool reads.",
        synopsisSubcommandLabel = "status|plan|up|down|new|resolve|baseline|import",
        footerHeading = "%nExamples:%n",
        footer = {"  pgcharter migrate status shop", "  pgcharter migrate up shop"},
        subcommands = {
            MigrateStatusCommand.class,
            MigratePlanCommand.class,
            MigrateUpCommand.class,
            MigrateDownCommand.class,
            MigrateNewCommand.class,
            MigrateResolveCommand.class,
            MigrateBaselineCommand.class,
            MigrateImportCommand.class
        })
final class MigrateCommand {}
