package io.pgcharter.model.sql;

/// What the parser makes of a text.
public sealed interface Parsed {
    /// It is SQL.
    record Sql(Script script) implements Parsed {}

    /// It is not.
    record Broken(SyntaxError error) implements Parsed {}
}
