package io.pgcharter.platform.metrics;

import java.util.Locale;
import java.util.Set;

/// What a statement looks like, without any value. `pg_stat_statements` puts `$1` in the place of most constants,
/// but not always (when it ran short of memory) and not in all commands (`ALTER ROLE … PASSWORD '…'`); so what
/// still looks like a value becomes `?`, comments go, and of commands that are not queries only the first two words
/// stay.
public final class StatementText {
    /// Longer ones end with `…`.
    static final int LENGTH_MAX = 2_000;

    private static final Set<String> QUERIES =
            Set.of("select", "insert", "update", "delete", "merge", "with", "values", "table");

    private final String source;
    private final StringBuilder out = new StringBuilder();
    private int position;

    private StatementText(String source) {
        this.source = source;
    }

    /// On one line, without values.
    public static String withoutValues(String statement) {
        StatementText text = new StatementText(statement);
        text.run();
        String line = text.out.toString().strip();
        String first = line.replaceAll("^[( ]+", "").split("[^A-Za-z]", 2)[0].toLowerCase(Locale.ROOT);
        if (!QUERIES.contains(first)) {
            String[] words = line.split(" ", 3);
            return words.length < 3 ? words[0] : words[0] + " " + words[1] + " …";
        }
        return line.length() > LENGTH_MAX ? line.substring(0, LENGTH_MAX) + "…" : line;
    }

    private void run() {
        while (position < source.length()) {
            char here = source.charAt(position);
            if (Character.isWhitespace(here)) {
                position++;
                blank();
            } else if (source.startsWith("--", position)) {
                skipTo("\n", position);
                blank();
            } else if (source.startsWith("/*", position)) {
                skipTo("*/", position + 2);
                blank();
            } else if (here == '\'') {
                quoted(false);
            } else if (here == '"') {
                copyThrough(source.indexOf('"', position + 1));
            } else if (here == '$') {
                dollar();
            } else if (Character.isDigit(here) || (here == '.' && digitAt(position + 1))) {
                number();
            } else if (Character.isLetter(here) || here == '_') {
                word();
            } else {
                out.append(here);
                position++;
            }
        }
    }

    private void blank() {
        if (!out.isEmpty() && out.charAt(out.length() - 1) != ' ') {
            out.append(' ');
        }
    }

    private void skipTo(String end, int from) {
        int found = source.indexOf(end, from);
        position = found < 0 ? source.length() : found + end.length();
    }

    private void copyThrough(int last) {
        int end = last < 0 ? source.length() : last + 1;
        out.append(source, position, end);
        position = end;
    }

    /// A string; a text that was cut off may end within.
    private void quoted(boolean withBackslashes) {
        position++;
        while (position < source.length()) {
            char here = source.charAt(position++);
            if (withBackslashes && here == '\\') {
                position++;
            } else if (here == '\'') {
                if (position < source.length() && source.charAt(position) == '\'') {
                    position++;
                } else {
                    break;
                }
            }
        }
        position = Math.min(position, source.length());
        out.append('?');
    }

    /// `$1` stays, `$tag$…$tag$` is a value.
    private void dollar() {
        int end = position + 1;
        while (end < source.length() && (Character.isLetterOrDigit(source.charAt(end)) || source.charAt(end) == '_')) {
            end++;
        }
        if (digitAt(position + 1)) {
            copyThrough(end - 1);
        } else if (end < source.length() && source.charAt(end) == '$') {
            skipTo(source.substring(position, end + 1), end + 1);
            out.append('?');
        } else {
            out.append('$');
            position++;
        }
    }

    private boolean digitAt(int index) {
        return index < source.length() && Character.isDigit(source.charAt(index));
    }

    private void number() {
        while (position < source.length()
                && (Character.isLetterOrDigit(source.charAt(position))
                        || source.charAt(position) == '.'
                        || source.charAt(position) == '_'
                        || isExponentSign())) {
            position++;
        }
        out.append('?');
    }

    private boolean isExponentSign() {
        char here = source.charAt(position);
        return (here == '+' || here == '-') && Character.toLowerCase(source.charAt(position - 1)) == 'e';
    }

    private void word() {
        int begin = position;
        while (position < source.length()
                && (Character.isLetterOrDigit(source.charAt(position))
                        || source.charAt(position) == '_'
                        || source.charAt(position) == '$')) {
            position++;
        }
        String word = source.substring(begin, position);
        if (position < source.length() && source.charAt(position) == '\'' && word.matches("[eEbBxXnN]")) {
            // The prefix is part of the value.
            quoted(word.equalsIgnoreCase("e"));
            return;
        }
        out.append(word);
    }
}
