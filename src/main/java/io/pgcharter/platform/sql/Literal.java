package io.pgcharter.platform.sql;

import io.pgcharter.model.sql.Span;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// A text constant of SQL without escapes: `'…'` or `$$…$$`.
///
/// @param start of its content, where it stands
/// @param content what it says
/// @param aligned the content, as long as it is written: after each inner literal there are as many spaces as doubled
/// quotes lost a sign, so that what is SQL stands in its place
record Literal(int start, String content, String aligned) {
    private static final Pattern DOLLARS =
            Pattern.compile("\\$([A-Za-z_\\x80-\\uffff][\\w\\x80-\\uffff]*)?\\$(.*)\\$\\1\\$", Pattern.DOTALL);
    private static final Pattern DOLLARS_PLAIN = Pattern.compile("\\$\\$(.*)\\$\\$", Pattern.DOTALL);
    private static final Pattern QUOTES = Pattern.compile("'([^']*+(?:''[^']*+)*+)'");

    /// The literal that is all of a span.
    static Optional<Literal> at(String text, Span span) {
        String written = span.of(text);
        for (Pattern dollars : new Pattern[] {DOLLARS_PLAIN, DOLLARS}) {
            Matcher matcher = dollars.matcher(written);
            if (matcher.matches()) {
                int last = matcher.groupCount();
                String content = matcher.group(last);
                return Optional.of(new Literal(span.start() + matcher.start(last), content, content));
            }
        }
        Matcher quotes = QUOTES.matcher(written);
        return quotes.matches()
                ? Optional.of(
                        new Literal(span.start() + 1, quotes.group(1).replace("''", "'"), aligned(quotes.group(1))))
                : Optional.empty();
    }

    private static String aligned(String written) {
        StringBuilder aligned = new StringBuilder(written.length());
        boolean within = false;
        int lost = 0;
        int at = 0;
        while (at < written.length()) {
            boolean doubled = written.startsWith("''", at);
            aligned.append(written.charAt(at));
            at += doubled ? 2 : 1;
            if (doubled) {
                lost++;
                within = !within;
                // Where another one follows, the inner literal holds a quote and goes on.
                if (!within && !written.startsWith("''", at)) {
                    aligned.repeat(' ', lost);
                    lost = 0;
                }
            }
        }
        return aligned.repeat(' ', lost).toString();
    }
}
