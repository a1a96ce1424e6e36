package io.pgcharter.platform.postgres;

/// Statements as they can be shown to whoever may not see the data: without literals and comments.
public final class StatementText {
    private final String sql;
    private final StringBuilder shown = new StringBuilder();
    private int at;

    private StatementText(String sql) {
        this.sql = sql;
    }

    /// Every literal as `?`, comments left out, white space as single blanks. A text that was cut off in the middle
    /// of a literal ends with `?`. Names, also those in double quotes, and parameters (`$1`) stay. See
    /// <https://www.postgresql.org/docs/current/sql-syntax-lexical.html>.
    public static String withoutLiterals(String sql) {
        StatementText text = new StatementText(sql);
        while (text.at < sql.length()) {
            text.next();
        }
        return text.shown.toString().strip();
    }

    private void next() {
        char letter = sql.charAt(at);
        if (letter == '\'') {
            quoted();
        } else if (letter == '"') {
            int end = sql.indexOf('"', at + 1);
            keep(end < 0 ? sql.length() : end + 1);
        } else if (letter == '$') {
            dollar();
        } else if (Character.isDigit(letter) || (letter == '.' && isDigitAt(at + 1))) {
            number();
        } else if (isWord(letter)) {
            word();
        } else if (sql.startsWith("--", at)) {
            int end = sql.indexOf('\n', at);
            at = end < 0 ? sql.length() : end;
        } else if (sql.startsWith("/*", at)) {
            comment();
        } else if (Character.isWhitespace(letter)) {
            blank();
            at++;
        } else {
            keep(at + 1);
        }
    }

    /// Whether `\'` ends a literal depends on a setting of the session that is not seen here. Rather than guess, and
    /// show what is inside, all that follows is left out.
    private void quoted() {
        boolean isEscape = at > 0
                && (sql.charAt(at - 1) == 'E' || sql.charAt(at - 1) == 'e')
                && (at == 1 || !isWord(sql.charAt(at - 2)));
        int end = at + 1;
        while (end < sql.length()) {
            char letter = sql.charAt(end);
            if (letter == '\\') {
                if (!isEscape && end + 1 < sql.length() && sql.charAt(end + 1) == '\'') {
                    end = sql.length();
                    break;
                }
                end += isEscape ? 2 : 1;
            } else if (letter == '\'' && end + 1 < sql.length() && sql.charAt(end + 1) == '\'') {
                end += 2;
            } else if (letter == '\'') {
                end++;
                break;
            } else {
                end++;
            }
        }
        // The E, B, X or N before it belongs to the literal.
        int last = shown.length() - 1;
        if (last >= 0
                && "EeBbXxNn".indexOf(shown.charAt(last)) >= 0
                && sql.charAt(at - 1) == shown.charAt(last)
                && (last == 0 || !isWord(shown.charAt(last - 1)))) {
            shown.setLength(last);
        }
        replace(end);
    }

    private void dollar() {
        if (isDigitAt(at + 1)) {
            int end = at + 1;
            while (isDigitAt(end)) {
                end++;
            }
            keep(end);
            return;
        }
        int close = sql.indexOf('$', at + 1);
        String tag = close < 0 ? "" : sql.substring(at, close + 1);
        if (!tag.matches("\\$(?:[\\p{L}_][\\p{L}\\p{N}_]*)?\\$")) {
            // A statement may have been cut off within the tag.
            replace(close < 0 ? sql.length() : at + 1);
            return;
        }
        int end = sql.indexOf(tag, close + 1);
        replace(end < 0 ? sql.length() : end + tag.length());
    }

    private void number() {
        int end = at;
        while (end < sql.length() && (isWord(sql.charAt(end)) || sql.charAt(end) == '.' || isSignOfExponent(end))) {
            end++;
        }
        replace(end);
    }

    private boolean isSignOfExponent(int index) {
        boolean isSign = sql.charAt(index) == '+' || sql.charAt(index) == '-';
        return isSign && "eE".indexOf(sql.charAt(index - 1)) >= 0 && isDigitAt(index + 1);
    }

    private void word() {
        int end = at;
        while (end < sql.length() && (isWord(sql.charAt(end)) || sql.charAt(end) == '$')) {
            end++;
        }
        keep(end);
    }

    private void comment() {
        int depth = 0;
        do {
            if (sql.startsWith("/*", at)) {
                depth++;
                at += 2;
            } else if (sql.startsWith("*/", at)) {
                depth--;
                at += 2;
            } else {
                at++;
            }
        } while (depth > 0 && at < sql.length());
        blank();
    }

    private void blank() {
        if (!shown.isEmpty() && shown.charAt(shown.length() - 1) != ' ') {
            shown.append(' ');
        }
    }

    private void keep(int end) {
        shown.append(sql, at, end);
        at = end;
    }

    private void replace(int end) {
        shown.append('?');
        at = Math.min(end, sql.length());
    }

    private boolean isDigitAt(int index) {
        return index < sql.length() && Character.isDigit(sql.charAt(index));
    }

    private static boolean isWord(char letter) {
        return Character.isLetterOrDigit(letter) || letter == '_' || Character.isSurrogate(letter);
    }
}
