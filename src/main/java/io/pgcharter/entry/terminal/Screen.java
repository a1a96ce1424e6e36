package io.pgcharter.entry.terminal;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Optional;
import java.util.Set;

/// The streams of one command and what is known of them.
///
/// @param out where results go: tables, or the one JSON document
/// @param err where everything else goes: progress, questions, problems
/// @param in where answers come from; empty when nobody can be asked
/// @param progressMoves whether `err` is a terminal, so that a bar may redraw itself
/// @param colours whether `out` may carry colours
/// @param asideColours whether `err` may
/// @param columns width of the terminal, at least 40
/// @param cuts whether `out` is a terminal, where a table that is too wide is cut; elsewhere it is for programs
public record Screen(
        PrintStream out,
        PrintStream err,
        Optional<BufferedReader> in,
        boolean progressMoves,
        boolean colours,
        boolean asideColours,
        int columns,
        boolean cuts) {
    private static final int COLUMNS_DEFAULT = 100;
    private static final int COLUMNS_MIN = 40;

    /// Where `out` is no terminal.
    public Screen(
            PrintStream out,
            PrintStream err,
            Optional<BufferedReader> in,
            boolean progressMoves,
            boolean colours,
            boolean asideColours,
            int columns) {
        this(out, err, in, progressMoves, colours, asideColours, columns, false);
    }

    /// The process's own streams. The launcher tells which of them are terminals: Java cannot ask for one alone.
    ///
    /// @param terminals `in`, `out`, `err`, comma-separated, as in the property `pgcharter.terminal`
    /// @param columns as in the property `pgcharter.columns`; anything but a number means unknown
    public static Screen ofProcess(String terminals, String columns, boolean noColour) {
        Set<String> names = Set.copyOf(Arrays.asList(terminals.split(",")));
        Optional<BufferedReader> in = names.contains("in") && names.contains("err")
                ? Optional.of(new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8)))
                : Optional.empty();
        int width = columns.matches("[1-9][0-9]{0,4}") ? Integer.parseInt(columns) : COLUMNS_DEFAULT;
        return new Screen(
                System.out,
                System.err,
                in,
                names.contains("err"),
                names.contains("out") && !noColour,
                names.contains("err") && !noColour,
                Math.max(COLUMNS_MIN, width),
                names.contains("out"));
    }

    public Screen withoutColours() {
        return new Screen(out, err, in, progressMoves, false, false, columns, cuts);
    }

    public String dress(Tone tone, String text) {
        return colours ? tone.dress(text) : text;
    }

    public void line(String text) {
        out.println(text);
    }

    public void line(Tone tone, String text) {
        out.println(dress(tone, text));
    }

    /// A long text of a result, broken between words so that it fits the terminal; the first line begins with `label`,
    /// the others are indented to its width.
    public void paragraph(String label, String text) {
        int width = Math.max(COLUMNS_MIN - label.length(), columns - 1 - label.length());
        StringBuilder line = new StringBuilder();
        String lead = label;
        for (String word : text.split(" ", -1)) {
            if (!line.isEmpty() && line.length() + 1 + word.length() > width) {
                out.println(lead + line);
                lead = " ".repeat(label.length());
                line.setLength(0);
            }
            line.append(line.isEmpty() ? "" : " ").append(word);
        }
        out.println(lead + line);
    }

    /// Lines beside the result, such as a problem; on a terminal broken between words, with the rest indented.
    public void aside(String text) {
        if (!progressMoves) {
            err.println(text);
            return;
        }
        text.lines().forEach(line -> {
            String indent = " ".repeat(line.length() - line.stripLeading().length() + 2);
            StringBuilder shown = new StringBuilder();
            for (String word : line.split("(?<=[^ ]) ", -1)) {
                if (!shown.isEmpty() && shown.length() + 1 + word.length() >= columns) {
                    err.println(shown);
                    shown.setLength(0);
                    shown.append(indent).append(word);
                } else {
                    shown.append(shown.isEmpty() ? "" : " ").append(word);
                }
            }
            err.println(shown);
        });
    }

    public void table(Table table) {
        out.print(table.text(colours, cuts ? columns : Integer.MAX_VALUE));
    }

    /// A line beside the result whose first word says how things ended.
    public void aside(Tone tone, String word, String rest) {
        err.println((asideColours ? tone.dress(word) : word) + rest);
    }

    /// Asks and waits for a line.
    ///
    /// @return what was typed; empty when nobody can be asked
    public Optional<String> ask(String question) {
        if (in.isEmpty()) {
            return Optional.empty();
        }
        err.print(question + " ");
        err.flush();
        try {
            return Optional.ofNullable(in.get().readLine()).map(String::strip);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
