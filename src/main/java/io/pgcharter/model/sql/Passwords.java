package io.pgcharter.model.sql;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// Passwords in SQL: what is shown of a statement, in errors, reports and the journal, has none.
public final class Passwords {
    /// A literal after the word, as roles and options of servers have it, whether it ends or was cut; and the word of a
    /// connection's description, which is inside of one.
    private static final Pattern GIVEN = Pattern.compile(
            "(?i)\\bpassword\\s+(?:E|U&)?'((?:[^']|'')*)"
                    + "|\\bpassword\\s+\\$(\\w*)\\$((?:(?!\\$\\2\\$).)*)"
                    + "|\\bpassword\\s*=\\s*([^\\s'\"]+)",
            Pattern.DOTALL);

    private Passwords() {}

    /// The text with a `*` for each character of a password, so that places in it stay the same.
    public static String hidden(String sql) {
        Matcher given = GIVEN.matcher(sql);
        StringBuilder hidden = new StringBuilder(sql);
        while (given.find()) {
            for (int group : new int[] {1, 3, 4}) {
                for (int at = given.start(group); at >= 0 && at < given.end(group); at++) {
                    hidden.setCharAt(at, '*');
                }
            }
        }
        return hidden.toString();
    }
}
