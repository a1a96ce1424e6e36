package io.pgcharter.platform.postgres;

import java.util.Locale;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// Marks the statements that pgcharter watches a server with, so that statistics and logs can tell them from those of
/// the application. The mark stands behind the first word: a comment in front is not kept by every server.
public final class OwnStatement {
    private static final String MARK = "/* pgcharter */";
    private static final Pattern FIRST_WORD = Pattern.compile("^\\s*[A-Za-z]+");

    /// Nobody waits for these: they change a setting, or begin and end a transaction.
    private static final Set<String> FORMALITIES = Set.of(
            "set",
            "reset",
            "show",
            "begin",
            "start",
            "commit",
            "rollback",
            "savepoint",
            "release",
            "deallocate",
            "discard");

    private OwnStatement() {}

    /// `select /* pgcharter */ 1` of `select 1`.
    public static String marked(String sql) {
        Matcher first = FIRST_WORD.matcher(sql);
        return first.find() ? first.group() + " " + MARK + sql.substring(first.end()) : sql;
    }

    /// Whether a statement, as `pg_stat_statements` has it, is no work of an application.
    public static boolean isNoWork(String text) {
        Matcher first = FIRST_WORD.matcher(text);
        return text.contains(MARK)
                || (first.find() && FORMALITIES.contains(first.group().strip().toLowerCase(Locale.ROOT)));
    }
}
