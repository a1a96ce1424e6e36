package io.pgcharter.policy.lint;

import io.pgcharter.model.sql.Node;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/// A type as a statement names it.
///
/// @param schema empty for PostgreSQL's own and for what is found by the search path
/// @param name PostgreSQL's internal one for its own types, such as `int4`, `varchar`, `bpchar`
/// @param modifiers such as 10 and 2 of `numeric(10,2)`
public record ColumnType(String schema, String name, List<Long> modifiers, boolean array) {
    /// Names that only the grammar knows, and those of old.
    private static final Map<String, String> SERIALS =
            Map.of("serial4", "serial", "serial8", "bigserial", "serial2", "smallserial");

    public static final ColumnType UNKNOWN = new ColumnType("", "", List.of(), false);

    public ColumnType {
        modifiers = List.copyOf(modifiers);
    }

    /// Of a `TypeName`.
    public static ColumnType of(Node type) {
        List<String> parts = type.texts("names");
        if (parts.isEmpty()) {
            return UNKNOWN;
        }
        String name = parts.getLast();
        String schema = parts.size() > 1 && !parts.getFirst().equals("pg_catalog") ? parts.getFirst() : "";
        List<Long> modifiers = type.list("typmods").stream()
                .map(modifier -> modifier.child("ival").number("ival"))
                .toList();
        return new ColumnType(
                schema,
                SERIALS.getOrDefault(name, name),
                // "char" without a length has one of 1; the grammar writes it down.
                name.equals("interval") ? intervalModifiers(modifiers) : modifiers,
                !type.list("arrayBounds").isEmpty());
    }

    /// The first is a mask of fields, `INTERVAL_FULL_RANGE` where none are named.
    private static List<Long> intervalModifiers(List<Long> modifiers) {
        return modifiers.size() == 2 ? modifiers.subList(1, 2) : List.of();
    }

    public boolean isKnown() {
        return !name.isEmpty();
    }

    public boolean isSerial() {
        return name.equals("serial") || name.equals("bigserial") || name.equals("smallserial");
    }

    public ObjectName object() {
        return new ObjectName(schema.isEmpty() ? "public" : schema, name);
    }

    public boolean is(String... names) {
        return schema.isEmpty() && !array && List.of(names).contains(name);
    }

    /// As people write it.
    @Override
    public String toString() {
        String spoken = switch (name) {
            case "int4" -> "integer";
            case "int8" -> "bigint";
            case "int2" -> "smallint";
            case "float8" -> "double precision";
            case "float4" -> "real";
            case "bpchar" -> "character";
            case "bool" -> "boolean";
            default -> name.toLowerCase(Locale.ROOT);
        };
        String sized = modifiers.isEmpty()
                ? spoken
                : spoken + "("
                        + String.join(
                                ",", modifiers.stream().map(String::valueOf).toList()) + ")";
        return (schema.isEmpty() ? "" : schema + ".") + sized + (array ? "[]" : "");
    }
}
