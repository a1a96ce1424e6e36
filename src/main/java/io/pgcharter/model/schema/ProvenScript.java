package io.pgcharter.model.schema;

import java.util.List;

/// A script that was carried out on a scratch server: on a copy of the one schema, which was the other one
/// afterwards.
///
/// @param statements in order, each with its semicolon; they belong into one transaction
/// @param losses what rows of the target would lose, as it was seen: tables, columns and sequences that are not the
/// ones
///     they were, and columns whose type is another
public record ProvenScript(List<String> statements, List<String> losses) {
    public ProvenScript {
        statements = List.copyOf(statements);
        losses = List.copyOf(losses);
    }

    /// As a file for psql.
    public String text() {
        return head() + body() + "\ncommit;\n";
    }

    /// What the file begins with, before the statements.
    public static String head() {
        return "begin;\n" + SETTINGS + "\n";
    }

    /// The statements alone.
    public String body() {
        return String.join("\n", statements);
    }

    /// Under which it was proven. Nobody waits long behind it, and bodies of functions may name what comes later.
    public static final String SETTINGS = "set local lock_timeout = '5s';\nset local search_path = '';\n"
            + "set local check_function_bodies = off;\nset local TimeZone = 'UTC';";
}
