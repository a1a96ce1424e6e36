package io.pgcharter.platform.definition;

import io.pgcharter.model.schema.ObjectKind;
import io.pgcharter.model.schema.ObjectName;
import java.util.Locale;
import java.util.Optional;

/// What makes one object, or a part of it.
///
/// @param type as `pg_dump` has it in the headers of its entries: `TABLE`, `FK CONSTRAINT`
/// @param schema, name unquoted; the schema is `-` outside of schemas
/// @param sql one or more statements, each with its semicolon
/// @param standin what makes the same out of less, for a view or a table
record Definition(Stage stage, String type, String schema, String name, String sql, Optional<Standin> standin) {
    /// Something with the same columns.
    ///
    /// @param sql makes it
    /// @param rest makes it into what it stands for, once all that that needs is there
    record Standin(String sql, String rest) {}

    /// For messages: `VIEW app.rich`.
    String label() {
        return type + " " + (schema.equals("-") ? name : schema + "." + name);
    }

    /// As catalogs call what it makes, or makes a part of.
    ///
    /// @param text as catalogs write its name
    ObjectName object(String text) {
        return switch (type) {
            case "PROCEDURAL LANGUAGE" -> new ObjectName(ObjectKind.LANGUAGE, text);
            case "SHELL TYPE" -> new ObjectName(ObjectKind.TYPE, text);
            case "FOREIGN TABLE", "TABLE ATTACH", "DEFAULT" -> new ObjectName(ObjectKind.TABLE, text);
            case "CHECK CONSTRAINT", "FK CONSTRAINT" -> new ObjectName(ObjectKind.CONSTRAINT, text);
            case "ACCESS METHOD",
                    "CONVERSION",
                    "OPERATOR CLASS",
                    "OPERATOR FAMILY",
                    "TEXT SEARCH PARSER",
                    "TEXT SEARCH TEMPLATE",
                    "TRANSFORM" -> new ObjectName(ObjectKind.OTHER, type.toLowerCase(Locale.ROOT) + " " + text);
            default -> new ObjectName(ObjectKind.valueOf(type.replace(' ', '_')), text);
        };
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
        return new Definition(stage, type, schema, name, standin.orElseThrow().sql(), Optional.empty());
    }

    /// This one, for when the stand-in is there and all it needs.
    Definition inItsPlace() {
        return new Definition(
                Stage.LATE, type, schema, name, standin.orElseThrow().rest(), Optional.empty());
    }

    Definition late() {
        return new Definition(Stage.LATE, type, schema, name, sql, Optional.empty());
    }
}
