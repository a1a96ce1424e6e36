package io.pgcharter.entry.cli;

import io.pgcharter.entry.corridor.Corridor;
import io.pgcharter.entry.corridor.OutcomeJson;
import io.pgcharter.entry.terminal.Screen;
import io.pgcharter.model.problem.Problem;
import io.pgcharter.model.problem.ProblemCode;
import io.pgcharter.model.problem.ProblemException;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Help.Ansi;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.Model.PositionalParamSpec;
import picocli.CommandLine.Model.UsageMessageSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ParseResult;
import picocli.CommandLine.UnmatchedArgumentException;

/// Reads a command line, lets the verb do its work, and says how it ended.
public final class Cli {
    private static final int USAGE_WIDTH = 100;

    private final Shop shop;
    private final Screen screen;
    private final Cancellation cancellation = new Cancellation();

    public Cli(Shop shop, Screen screen) {
        this.shop = shop;
        this.screen = screen;
    }

    /// @return the exit code, see [ExitCode]
    public int run(String... arguments) {
        Optional<ParseResult> plain = byItsVerb(arguments);
        Root root =
                plain.map(parsed -> (Root) parsed.commandSpec().userObject()).orElseGet(Root::new);
        try {
            ParseResult parsed =
                    plain.orElseGet(() -> coloured(commandLine(root)).parseArgs(arguments));
            CommandLine verb = leaf(parsed).commandSpec().commandLine();
            if (leaf(parsed).isUsageHelpRequested()) {
                verb.usage(screen.out());
                return ExitCode.DONE;
            }
            if (parsed.isVersionHelpRequested()) {
                screen.line("pgcharter " + version());
                return ExitCode.DONE;
            }
            if (!(verb.getCommand() instanceof Action) && !(verb.getCommand() instanceof Wish)) {
                verb.usage(screen.err());
                return ExitCode.USAGE;
            }
            return run(root, verb);
        } catch (ParameterException e) {
            return usage(e, root.json);
        }
    }

    /// Asks what runs to stop; [#run] then returns. Callable from any thread.
    public void cancel() {
        cancellation.run();
    }

    /// The grammar, without anything read yet.
    static CommandLine commandLine(Root root) {
        return grammar(root, Root.VERBS);
    }

    /// Read by the grammar of the verb that is named, if what was typed fits it: to make the grammar of all verbs takes
    /// longer than most of them do. Otherwise it is that one which says what is wrong, in the context of all verbs.
    private Optional<ParseResult> byItsVerb(String... arguments) {
        return named(arguments).flatMap(verb -> {
            try {
                return Optional.of(coloured(grammar(new Root(), List.of(verb))).parseArgs(arguments))
                        .filter(ParseResult::hasSubcommand);
            } catch (ParameterException unclear) {
                return Optional.empty();
            }
        });
    }

    private static Optional<Class<?>> named(String... arguments) {
        Map<String, Class<?>> verbs = new HashMap<>();
        for (Class<?> verb : Root.VERBS) {
            verbs.put(Objects.requireNonNull(verb.getAnnotation(Command.class)).name(), verb);
        }
        return Arrays.stream(arguments)
                .flatMap(word -> Optional.<Class<?>>ofNullable(verbs.get(word)).stream())
                .findFirst();
    }

    private CommandLine coloured(CommandLine line) {
        return line.setColorScheme(CommandLine.Help.defaultColorScheme(screen.colours() ? Ansi.ON : Ansi.OFF));
    }

    private static CommandLine grammar(Root root, List<Class<?>> verbs) {
        CommandLine line = new CommandLine(root);
        verbs.forEach(line::addSubcommand);
        Arguments.register(line);
        line.getSubcommands().values().stream()
                .filter(verb -> verb.getCommand() instanceof ExplainCommand)
                .forEach(verb -> verb.setStopAtPositional(true));
        dress(line);
        return line;
    }

    private static void dress(CommandLine line) {
        UsageMessageSpec usage = line.getCommandSpec().usageMessage();
        usage.width(USAGE_WIDTH).sortOptions(false);
        usage.customSynopsis(synopsis(line.getCommandSpec()));
        usage.descriptionHeading("%n").parameterListHeading("%nArguments:%n").optionListHeading("%nOptions:%n");
        usage.commandListHeading("%nVerbs:%n").exitCodeListHeading("%nExit codes:%n");
        Object verb = line.getCommand();
        usage.exitCodeList(
                switch (verb) {
                    case StatusCommand _ -> StatusCommand.exitCodes();
                    case HealthCommand _ -> HealthCommand.exitCodes();
                    default -> ExitCode.meanings();
                });
        line.getSubcommands().values().forEach(Cli::dress);
    }

    /// What must be typed, in one line; `[OPTIONS]` stands for the rest.
    private static String synopsis(CommandSpec spec) {
        StringBuilder synopsis = new StringBuilder(spec.qualifiedName());
        if (!spec.subcommands().isEmpty()) {
            synopsis.append(' ').append(spec.usageMessage().synopsisSubcommandLabel());
        }
        spec.options().stream()
                .filter(OptionSpec::required)
                .forEach(option -> synopsis.append(' ')
                        .append(option.longestName())
                        .append(' ')
                        .append(option.paramLabel()));
        for (PositionalParamSpec parameter : spec.positionalParameters()) {
            String label = parameter.paramLabel() + (parameter.arity().max() > 1 ? "..." : "");
            synopsis.append(' ').append(parameter.required() ? label : "[" + label + "]");
        }
        return synopsis.append(" [OPTIONS]").toString();
    }

    private int run(Root root, CommandLine line) {
        Object verb = line.getCommand();
        Root effective = root;
        if (root.json && (verb instanceof DemoCommand || verb instanceof CompletionCommand)) {
            throw new ParameterException(line, "'" + line.getCommandName() + "' has no --json");
        }
        if (verb instanceof ExplainCommand explain) {
            effective = understood(explain).over(root);
        }
        Screen shown =
                effective.noColour || shop.variables().containsKey("NO_COLOR") ? screen.withoutColours() : screen;
        try (Corridor corridor = shop.corridors().open(effective.charterFile(shop.variables()), shop.variables())) {
            cancellation.means(corridor::cancelAll);
            Desk desk = new Desk(corridor, shown, settings(effective), shop, cancellation);
            return switch (verb) {
                case Action action -> action.run(desk);
                case Wish wish -> new Submission(desk).run(wish);
                default -> throw new IllegalStateException("a verb that does nothing: " + verb);
            };
        } catch (NotDone e) {
            if (effective.json) {
                shown.line(OutcomeJson.text(OutcomeJson.of(e.outcome())));
            } else {
                new OutcomeText(shown, shop.clock()).show(e.operation(), e.outcome());
            }
            return ExitCode.of(e.outcome());
        } catch (ProblemException e) {
            return problem(e.problem(), effective.json);
        }
    }

    /// Parses what `explain` shall explain.
    private static Root understood(ExplainCommand explain) {
        Root inner = new Root();
        CommandLine line = commandLine(inner);
        CommandLine verb = leaf(line.parseArgs(explain.words.toArray(String[]::new)))
                .commandSpec()
                .commandLine();
        if (!(verb.getCommand() instanceof Wish wish)) {
            throw new ParameterException(
                    line,
                    "'" + String.join(" ", explain.words) + "' submits no operation, so there is nothing to explain");
        }
        explain.wish = wish;
        return inner;
    }

    private Desk.Settings settings(Root root) {
        return new Desk.Settings(root.environment(shop.variables()), Optional.ofNullable(root.confirm), root.json);
    }

    private static ParseResult leaf(ParseResult parsed) {
        ParseResult leaf = parsed;
        while (leaf.hasSubcommand()) {
            leaf = leaf.subcommand();
        }
        return leaf;
    }

    private int usage(ParameterException e, boolean json) {
        String verb = e.getCommandLine().getCommandSpec().qualifiedName();
        String suggestion = e instanceof UnmatchedArgumentException unmatched
                        && !unmatched.getSuggestions().isEmpty()
                ? "did you mean " + String.join(" or ", unmatched.getSuggestions()) + "? "
                : "";
        String message = String.valueOf(e.getMessage()).replaceFirst("\\.$", "");
        String fact = message.isEmpty()
                ? "this cannot be understood"
                : Character.toLowerCase(message.charAt(0)) + message.substring(1);
        return problem(
                new Problem(
                        ProblemCode.USAGE,
                        fact,
                        "the command line does not fit what '" + verb + "' takes",
                        suggestion + verb + " --help"),
                json);
    }

    private int problem(Problem problem, boolean json) {
        if (json) {
            screen.line(OutcomeJson.text(OutcomeJson.ofFailure(problem)));
        } else {
            screen.aside(problem.text());
        }
        return ExitCode.of(problem);
    }

    private static String version() {
        String version = Cli.class.getPackage().getImplementationVersion();
        return version == null ? "(not packaged)" : version;
    }
}
