package io.pgcharter.platform.postgres;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// Splits a script of SQL, as `pg_dump` prints it, into its statements, the way psql does
/// (<https://github.com/postgres/postgres/blob/master/src/fe_utils/psqlscan.l>): strings, quoted names, dollar quotes,
/// nested comments, parentheses and `BEGIN ATOMIC … END` bodies hold their semicolons together. Linear in the length.
public final class SqlScript {
    private static final Pattern HEADER = Pattern.compile(
            "-- (?:Data for )?Name: (.*); Type: (.*?); Schema: (.*?); Owner: ?(.*?)(?:; Tablespace: .*)?");

    private final String text;
    private final List<Statement> statements = new ArrayList<>();
    private Optional<Entry> entry = Optional.empty();
    private int position;

    private SqlScript(String text) {
        this.text = text;
    }

    /// One statement.
    ///
    /// @param text from its first word to its semicolon, comments inside included, those before it not
    /// @param entry what the header above it says; a header holds for all statements up to the next one
    public record Statement(String text, Optional<Entry> entry) {}

    /// A header comment of `pg_dump`: `-- Name: users; Type: TABLE; Schema: public; Owner: app`.
    ///
    /// @param schema `-` for objects outside of schemas
    /// @param owner `-` or empty for objects without one
    public record Entry(String name, String type, String schema, String owner) {}

    /// The script's statements in order. Lines that begin with a backslash between statements are psql's own commands
    /// (`\restrict`, `\connect`) and are left out.
    public static List<Statement> statements(String script) {
        SqlScript parsed = new SqlScript(script);
        parsed.run();
        return List.copyOf(parsed.statements);
    }

    private void run() {
        while (toStatement()) {
            int start = position;
            toEndOfStatement();
            statements.add(new Statement(text.substring(start, position).stripTrailing(), entry));
        }
    }

    /// Skips blanks, comments, meta-commands and lone semicolons; reads headers. @return false at the script's end
    private boolean toStatement() {
        while (position < text.length()) {
            char here = text.charAt(position);
            if (Character.isWhitespace(here) || here == ';' || here == '\uFEFF') {
                position++;
            } else if (text.startsWith("--", position)) {
                int start = position;
                position = endOfLine(position);
                header(text.substring(start, position));
            } else if (text.startsWith("/*", position)) {
                position = endOfBlockComment(position);
            } else if (here == '\\') {
                position = endOfLine(position);
            } else {
                return true;
            }
        }
        return false;
    }

    private void header(String comment) {
        Matcher matcher = HEADER.matcher(comment.stripTrailing());
        if (matcher.matches()) {
            entry = Optional.of(new Entry(matcher.group(1), matcher.group(2), matcher.group(3), matcher.group(4)));
        }
    }

    private void toEndOfStatement() {
        Body body = new Body();
        int parentheses = 0;
        while (position < text.length()) {
            char here = text.charAt(position);
            switch (here) {
                case ';' -> {
                    position++;
                    if (parentheses == 0 && body.depth == 0) {
                        return;
                    }
                }
                case '(' -> {
                    parentheses++;
                    position++;
                }
                case ')' -> {
                    parentheses = Math.max(0, parentheses - 1);
                    position++;
                }
                case '\'' -> position = endOfString(position + 1, false);
                case '"' -> position = endOfQuoted(position + 1);
                case '$' -> position = endOfDollarQuote(position);
                case '-' -> position = text.startsWith("--", position) ? endOfLine(position) : position + 1;
                case '/' -> position = text.startsWith("/*", position) ? endOfBlockComment(position) : position + 1;
                default -> word(here, body, parentheses);
            }
        }
    }

    private void word(char first, Body body, int parentheses) {
        if (isNumber(first)) {
            position++;
            while (position < text.length() && isInWord(text.charAt(position))) {
                position++;
            }
            return;
        }
        if (!isWordStart(first)) {
            position++;
            return;
        }
        int start = position;
        while (position < text.length() && isInWord(text.charAt(position))) {
            position++;
        }
        boolean escapes = position - start == 1 && (first == 'e' || first == 'E');
        if (escapes && position < text.length() && text.charAt(position) == '\'') {
            position = endOfString(position + 1, true);
            return;
        }
        if (body.counts(position - start)) {
            body.word(text.substring(start, position), parentheses);
        }
    }

    /// Knows whether the statement is in the SQL body of a function. As in psql, `begin` and, inside of one, `case`
    /// open a level and `end` closes one, if the statement began as `CREATE [OR REPLACE] {FUNCTION | PROCEDURE}`.
    private static final class Body {
        private static final int WORD_LENGTH_MAX = 9;

        private final StringBuilder beginning = new StringBuilder();
        private int words;
        private boolean routine;
        private int depth;

        boolean counts(int length) {
            return words < 4 || (routine && length <= WORD_LENGTH_MAX);
        }

        void word(String word, int parentheses) {
            String lower = word.length() <= WORD_LENGTH_MAX ? word.toLowerCase(Locale.ROOT) : "?";
            if (words < 4) {
                words++;
                beginning.append(lower).append(' ');
                String so = beginning.toString();
                routine = routine
                        || so.equals("create function ")
                        || so.equals("create procedure ")
                        || so.equals("create or replace function ")
                        || so.equals("create or replace procedure ");
            }
            if (!routine || parentheses > 0) {
                return;
            }
            switch (lower) {
                case "begin" -> depth++;
                case "case" -> depth += depth > 0 ? 1 : 0;
                case "end" -> depth -= depth > 0 ? 1 : 0;
                default -> {
                    // Any other word changes nothing.
                }
            }
        }
    }

    private static boolean isNumber(char character) {
        return character >= '0' && character <= '9';
    }

    private static boolean isWordStart(char character) {
        return (character >= 'a' && character <= 'z')
                || (character >= 'A' && character <= 'Z')
                || character == '_'
                || character >= 0x80;
    }

    private static boolean isInWord(char character) {
        return isWordStart(character) || isNumber(character) || character == '$';
    }

    private int endOfLine(int from) {
        int end = text.indexOf('\n', from);
        return end < 0 ? text.length() : end;
    }

    private int endOfBlockComment(int from) {
        int depth = 1;
        int index = from + 2;
        while (index < text.length() && depth > 0) {
            if (text.startsWith("/*", index)) {
                depth++;
                index += 2;
            } else if (text.startsWith("*/", index)) {
                depth--;
                index += 2;
            } else {
                index++;
            }
        }
        return index;
    }

    /// @param from after the opening quote @return after the closing one; a doubled quote opens the next piece at once
    private int endOfString(int from, boolean escapes) {
        int index = from;
        while (index < text.length()) {
            char here = text.charAt(index);
            if (here == '\\' && escapes) {
                index += 2;
            } else if (here != '\'') {
                index++;
            } else if (escapes && index + 1 < text.length() && text.charAt(index + 1) == '\'') {
                index += 2;
            } else {
                return index + 1;
            }
        }
        return text.length();
    }

    private int endOfQuoted(int from) {
        int end = text.indexOf('"', from);
        return end < 0 ? text.length() : end + 1;
    }

    /// `$tag$ … $tag$`; a lone dollar, as in a parameter `$1`, is a character like others.
    private int endOfDollarQuote(int from) {
        int index = from + 1;
        if (index < text.length() && isWordStart(text.charAt(index))) {
            while (index < text.length() && isInWord(text.charAt(index)) && text.charAt(index) != '$') {
                index++;
            }
        }
        if (index >= text.length() || text.charAt(index) != '$') {
            return from + 1;
        }
        String tag = text.substring(from, index + 1);
        int end = text.indexOf(tag, index + 1);
        return end < 0 ? text.length() : end + tag.length();
    }
}
