package io.pgcharter.model.sql;

import java.nio.charset.StandardCharsets;
import java.util.List;

/// A text of SQL and its statements, in order.
public record Script(String text, List<Statement> statements) {
    public Script {
        statements = List.copyOf(statements);
    }

    public String textOf(Statement statement) {
        return statement.span().of(text);
    }

    /// Where the statement begins.
    public Place placeOf(Statement statement) {
        return Place.of(text, statement.span().start());
    }

    /// Where the node begins, or else its statement.
    public Place placeOf(Statement statement, Node node) {
        return node.location().map(bytes -> Place.of(text, offset(text, bytes))).orElseGet(() -> placeOf(statement));
    }

    /// The offset in UTF-16 units of an offset in UTF-8 bytes; what is past the end is the end.
    public static int offset(String text, int bytes) {
        int at = 0;
        int passed = 0;
        while (at < text.length() && passed < bytes) {
            int character = text.codePointAt(at);
            passed += character < 0x80 ? 1 : character < 0x800 ? 2 : character < 0x10000 ? 3 : 4;
            at += Character.charCount(character);
        }
        return at;
    }

    /// How many bytes of UTF-8 a text has.
    public static int bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8).length;
    }
}
