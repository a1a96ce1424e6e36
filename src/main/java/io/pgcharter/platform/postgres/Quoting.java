package io.pgcharter.platform.postgres;

/// Writes names and values into SQL so that they mean themselves, whatever characters they hold. See
/// <https://www.postgresql.org/docs/current/sql-syntax-lexical.html>.
public final class Quoting {
    private Quoting() {}

    /// `"name"`, always in quotes, so that no keyword of any version surprises.
    ///
    /// @throws IllegalArgumentException if the name is empty or holds a zero character: no such name exists
    public static String identifier(String name) {
        if (name.isEmpty()) {
            throw new IllegalArgumentException("a name must not be empty");
        }
        return '"' + requireNoZero(name).replace("\"", "\"\"") + '"';
    }

    /// `"schema"."name"`.
    public static String identifier(String schema, String name) {
        return identifier(schema) + "." + identifier(name);
    }

    /// `'text'`, or ` E'text'` if it holds a backslash: right under either `standard_conforming_strings`. The space
    /// keeps a word before it from swallowing the `E`.
    ///
    /// @throws IllegalArgumentException if the text holds a zero character, which PostgreSQL cannot store
    public static String literal(String text) {
        String doubled = requireNoZero(text).replace("'", "''");
        return doubled.indexOf('\\') < 0 ? "'" + doubled + "'" : " E'" + doubled.replace("\\", "\\\\") + "'";
    }

    private static String requireNoZero(String text) {
        if (text.indexOf('\0') >= 0) {
            throw new IllegalArgumentException("PostgreSQL has no text with a zero character");
        }
        return text;
    }
}
