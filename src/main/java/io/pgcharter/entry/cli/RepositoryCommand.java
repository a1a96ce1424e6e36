package io.pgcharter.entry.cli;

import picocli.CommandLine.Command;

@Command(
        name = "repository",
        description =
                "Look after the repositories that hold backups. They are restic repositories: restic reads them too.",
        synopsisSubcommandLabel = "init|list|check|repair|copy|forget|prune|key|stats",
        footerHeading = "%nExamples:%n",
        footer = {"  pgcharter repository init offsite", "  pgcharter repository check offsite --read-data"},
        subcommands = {
            RepositoryInitCommand.class,
            RepositoryListCommand.class,
            RepositoryCheckCommand.class,
            RepositoryRepairCommand.class,
            RepositoryCopyCommand.class,
            RepositoryForgetCommand.class,
            RepositoryPruneCommand.class,
            RepositoryKeyCommand.class,
            RepositoryStatsCommand.class
        })
final class RepositoryCommand {}
