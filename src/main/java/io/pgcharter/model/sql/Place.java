package io.pgcharter.model.sql;

/// Where in a text something stands, as people count: both from 1, columns in characters.
public record Place(int line, int column) {
    public Place {
        if (line < 1 || column < 1) {
            throw new IllegalArgumentException("lines and columns count from 1");
        }
    }

    /// The place of an offset in UTF-16 units. An offset past the end is the end.
    public static Place of(String text, int offset) {
        int end = Math.min(offset, text.length());
        int line = 1;
        int lineStart = 0;
        for (int at = text.indexOf('\n'); at >= 0 && at < end; at = text.indexOf('\n', at + 1)) {
            line++;
            lineStart = at + 1;
        }
        return new Place(line, text.codePointCount(lineStart, end) + 1);
    }

    /// The line of `text` with a caret under the place, as compilers show it: two lines, no break at the end.
    ///
    /// [Passwords] are hidden. A long line is cut around the place; tabs count as one column and are shown as one
    /// space.
    public String caret(String text) {
        String shown = Passwords.hidden(
                text.lines().skip(line - 1L).findFirst().orElse("").replace('\t', ' '));
        int from = shown.offsetByCodePoints(0, Math.min(column - 1, shown.codePointCount(0, shown.length())));
        int begin = Math.max(0, from - WIDTH / 2);
        String cut = shown.substring(begin, Math.min(shown.length(), begin + WIDTH));
        return cut + "\n" + " ".repeat(shown.codePointCount(begin, from)) + "^";
    }

    private static final int WIDTH = 100;

    @Override
    public String toString() {
        return line + ":" + column;
    }
}
