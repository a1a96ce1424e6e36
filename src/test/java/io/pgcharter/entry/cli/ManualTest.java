package io.pgcharter.entry.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import picocli.CommandLine;
import picocli.CommandLine.Help.Ansi;

/// The manual says what the program says: every verb has a page, and the page shows the verb's own `--help`.
/// To bring the pages up to date: `MANUAL_WRITE=1 mvn test -Dtest=ManualTest`.
class ManualTest {
    private static final Path DOCS = Path.of("docs");
    private static final Pattern HELP =
            Pattern.compile("<!-- help: ([a-z ]+) -->\n```text\n(.*?)```\n", Pattern.DOTALL);

    static Stream<CommandLine> verbs() {
        List<CommandLine> verbs = new ArrayList<>();
        collect(Cli.commandLine(new Root()), verbs);
        return verbs.stream().filter(verb -> !verb.getCommandName().equals("completion"));
    }

    private static void collect(CommandLine line, List<CommandLine> verbs) {
        for (CommandLine verb : line.getSubcommands().values()) {
            verbs.add(verb);
            collect(verb, verbs);
        }
    }

    @ParameterizedTest
    @MethodSource("verbs")
    void the_page_of_a_verb_shows_its_help(CommandLine verb) throws IOException {
        String name = verb.getCommandSpec().qualifiedName().replaceFirst("^pgcharter ", "");
        Path page = DOCS.resolve(name.replaceFirst(" .*", "") + ".md");
        String help = verb.getUsageMessage(Ansi.OFF);
        if (System.getenv("MANUAL_WRITE") != null) {
            write(page, name, help);
        }

        assertThat(page).exists();
        assertThat(helpOn(page, name)).isEqualTo(help);
    }

    @ParameterizedTest
    @MethodSource("verbs")
    void the_help_of_a_verb_teaches(CommandLine verb) {
        String help = verb.getUsageMessage(Ansi.OFF);

        assertThat(help).startsWith("Usage: pgcharter ").contains("Exit codes:", "Examples:\n  pgcharter ");
        assertThat(help.lines().filter(line -> line.startsWith("  pgcharter ")).count())
                .isEqualTo(2);
        assertThat(help.lines()).allMatch(line -> line.length() <= 100);
    }

    @ParameterizedTest
    @MethodSource("verbs")
    void the_examples_of_a_help_can_be_typed(CommandLine verb) {
        List<String> examples = verb.getUsageMessage(Ansi.OFF)
                .lines()
                .filter(line -> line.startsWith("  pgcharter "))
                .toList();
        for (String example : examples) {
            String[] words = example.strip().split(" ", -1);
            CommandLine.ParseResult parsed =
                    Cli.commandLine(new Root()).parseArgs(Arrays.copyOfRange(words, 1, words.length));
            CommandLine.ParseResult leaf = parsed;
            while (leaf.hasSubcommand()) {
                leaf = leaf.subcommand();
            }
            if (leaf.commandSpec().commandLine().getCommand() instanceof ExplainCommand explain) {
                assertThat(Cli.commandLine(new Root())
                                .parseArgs(explain.words.toArray(String[]::new))
                                .hasSubcommand())
                        .isTrue();
            }
            assertThat(example).contains(verb.getCommandSpec().qualifiedName().replaceFirst("^pgcharter", ""));
        }
    }

    @Test
    void every_page_is_in_the_index() throws IOException {
        String index = Files.readString(DOCS.resolve("README.md"));

        try (Stream<Path> pages = Files.list(DOCS)) {
            assertThat(pages.map(page -> page.getFileName().toString())
                            .filter(name -> name.endsWith(".md") && !name.equals("README.md")))
                    .allSatisfy(name -> assertThat(index).contains("(" + name + ")"));
        }
    }

    private static String helpOn(Path page, String verb) throws IOException {
        Matcher matcher = HELP.matcher(Files.readString(page));
        while (matcher.find()) {
            if (matcher.group(1).equals(verb)) {
                return matcher.group(2);
            }
        }
        return "(no help of '" + verb + "' on " + page + ")";
    }

    private static void write(Path page, String verb, String help) throws IOException {
        String renewed = HELP.matcher(Files.readString(page))
                .replaceAll(match -> match.group(1).equals(verb)
                        ? Matcher.quoteReplacement("<!-- help: " + verb + " -->\n```text\n" + help + "```\n")
                        : Matcher.quoteReplacement(match.group()));
        Files.writeString(page, renewed);
    }
}
