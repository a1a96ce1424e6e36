package io.pgcharter.entry.cli;

import picocli.CommandLine.Command;

@Command(
        name = "schema",
        description = "Compare the schemas of databases, object by object, and carry one over.",
        synopsisSubcommandLabel = "diff|drift|push",
        footerHeading = "%nExamples:%n",
        footer = {"  pgcharter schema diff payments payments-dev", "  pgcharter schema push payments payments-dev"},
        subcommands = {SchemaDiffCommand.class, SchemaDriftCommand.class, SchemaPushCommand.class})
final class SchemaCommand {}
