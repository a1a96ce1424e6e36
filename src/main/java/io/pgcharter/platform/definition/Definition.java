package io.pgcharter.platform.definition;

import java.util.Optional;

/// What makes one object, or a part of it.
///
/// @param type as `pg_dump` has it in the headers of its entries: `TABLE`, `FK CONSTRAINT`
/// @param schema, name unquoted; the schema is `-` outside of schemas
/// @param sql one or more statements, each with its semicolon
/// @param standin a statement that makes something with the same columns out of nothing, for a view
record Definition(Stage stage, String type, String schema, String name, String sql, Optional<String> standin) {
    /// For messages: `VIEW app.rich`.
    String label() {
        return type + " " + (schema.equals("-") ? name : schema + "." + name);
    }

    /// An entry as it stands in a script.
    String entry() {
        return "--\n-- Name: " + oneLine(name) + "; Type: " + type + "; Schema: " + oneLine(schema)
                + "; Owner: -\n--\n\n" + sql + "\n\n";
    }

    /// Names may hold anything, and a comment ends with its line.
    private static String oneLine(String text) {
        return text.replaceAll("[\\r\\n\\x{2028}\\x{2029}\\x{85}]", " ");
    }

    /// The stand-in, where there is one, in this one's place.
    Definition stoodInFor() {
        return new Definition(stage, type, schema, name, standin.orElseThrow(), Optional.empty());
    }

    /// This one, for when the stand-in is there and all it needs.
    Definition inItsPlace() {
        return new Definition(
                Stage.LATE,
                type,
                schema,
                name,
                sql.replaceFirst("^CREATE VIEW ", "CREATE OR REPLACE VIEW "),
                Optional.empty());
    }

    Definition late() {
        return new Definition(Stage.LATE, type, schema, name, sql, Optional.empty());
    }
}
