package io.pgcharter.entry.cli;

import io.pgcharter.model.id.EnvironmentName;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.ScopeType;

/// The program's name, its verbs, and the options that every verb takes.
@Command(
        name = "pgcharter",
        synopsisSubcommandLabel = "VERB",
        description = "One file, the charter, says how your PostgreSQL databases are to be run."
                + " pgcharter carries it out, refuses what it forbids, and proves that it holds.",
        footerHeading = "%nExamples:%n",
        footer = {"  pgcharter check", "  pgcharter backup payments"})
final class Root {
    /// All verbs, in the order in which they are shown.
    static final List<Class<?>> VERBS = List.of(
            CheckCommand.class,
            StatusCommand.class,
            HealthCommand.class,
            QueriesCommand.class,
            RehearseCommand.class,
            PoolsCommand.class,
            LintCommand.class,
            SchemaCommand.class,
            SeedCommand.class,
            ResetCommand.class,
            ExplainCommand.class,
            BackupCommand.class,
            BackupsCommand.class,
            RestoreCommand.class,
            VerifyCommand.class,
            CopyCommand.class,
            ApproveCommand.class,
            CancelCommand.class,
            JournalCommand.class,
            RepositoryCommand.class,
            RetentionCommand.class,
            MaintainCommand.class,
            SessionsCommand.class,
            MigrateCommand.class,
            ReleaseCommand.class,
            AdviceCommand.class,
            AlertsCommand.class,
            ServeCommand.class,
            ScheduleCommand.class,
            UsersCommand.class,
            TokensCommand.class,
            DemoCommand.class,
            CompletionCommand.class);

    static final String CHARTER_VARIABLE = "PGCHARTER_CHARTER";
    static final String ENVIRONMENT_VARIABLE = "PGCHARTER_AS";

    @Option(
            names = "--charter",
            paramLabel = "FILE",
            scope = ScopeType.INHERIT,
            description = "The charter. Default: $" + CHARTER_VARIABLE + ", else charter.yaml in this directory.")
    @Nullable
    Path charter;

    @Option(
            names = "--as",
            paramLabel = "ENV",
            scope = ScopeType.INHERIT,
            description = "The environment you act from. Default: $" + ENVIRONMENT_VARIABLE + ".")
    @Nullable
    EnvironmentName environment;

    @Option(
            names = "--confirm",
            paramLabel = "NAME",
            scope = ScopeType.INHERIT,
            description = "Confirm by the name of what would be changed, for scripts; on a terminal you are asked.")
    @Nullable
    String confirm;

    @Option(names = "--json", scope = ScopeType.INHERIT, description = "Print one JSON document (docs/json.md).")
    boolean json;

    @Option(
            names = "--no-color",
            scope = ScopeType.INHERIT,
            description = "No colours. Also: $NO_COLOR. Without a terminal there are none.")
    boolean noColour;

    @Option(
            names = {"-h", "--help"},
            usageHelp = true,
            scope = ScopeType.INHERIT,
            description = "Show this help.")
    boolean help;

    @Option(names = "--version", versionHelp = true, description = "Show the version.")
    boolean version;

    Path charterFile(Map<String, String> variables) {
        return charter != null ? charter : Path.of(variables.getOrDefault(CHARTER_VARIABLE, "charter.yaml"));
    }

    Optional<EnvironmentName> environment(Map<String, String> variables) {
        return environment != null
                ? Optional.of(environment)
                : Optional.ofNullable(variables.get(ENVIRONMENT_VARIABLE))
                        .filter(name -> !name.isBlank())
                        .map(Arguments::environment);
    }

    /// These options, completed by those of `other`.
    Root over(Root other) {
        Root both = new Root();
        both.charter = charter != null ? charter : other.charter;
        both.environment = environment != null ? environment : other.environment;
        both.confirm = confirm != null ? confirm : other.confirm;
        both.json = json || other.json;
        both.noColour = noColour || other.noColour;
        return both;
    }
}
