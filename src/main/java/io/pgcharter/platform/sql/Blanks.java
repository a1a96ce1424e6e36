package io.pgcharter.platform.sql;

import io.pgcharter.model.sql.Span;

/// White space and comments, as PostgreSQL's scanner (scan.l) knows them: block comments nest.
final class Blanks {
    private Blanks() {}

    /// The span without the blanks it begins with and the white space it ends with.
    static Span trim(String text, Span span) {
        int start = skip(text, span.start(), span.end());
        int end = span.end();
        while (end > start && Character.isWhitespace(text.charAt(end - 1))) {
            end--;
        }
        return new Span(start, end);
    }

    private static int skip(String text, int start, int end) {
        int at = start;
        while (at < end) {
            if (Character.isWhitespace(text.charAt(at))) {
                at++;
            } else if (text.startsWith("--", at)) {
                int line = text.indexOf('\n', at);
                at = line < 0 ? end : Math.min(end, line + 1);
            } else if (text.startsWith("/*", at)) {
                at = block(text, at, end);
            } else {
                return at;
            }
        }
        return end;
    }

    private static int block(String text, int start, int end) {
        int depth = 0;
        int at = start;
        while (at < end) {
            if (text.startsWith("/*", at)) {
                depth++;
                at += 2;
            } else if (text.startsWith("*/", at)) {
                depth--;
                at += 2;
                if (depth == 0) {
                    return at;
                }
            } else {
                at++;
            }
        }
        return end;
    }
}
