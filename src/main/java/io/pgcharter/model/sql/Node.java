package io.pgcharter.model.sql;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import tools.jackson.databind.JsonNode;

/// One node of a parse tree, with the kinds and field names of PostgreSQL's own `parsenodes.h`, such as
/// `AlterTableStmt`
/// and its `relation`. What is absent is [#NONE], an empty text, an empty list, zero or false, as in PostgreSQL's
/// tree; so reading goes on along a path without asking at each step. Immutable.
///
/// Source of the form: libpg_query's JSON, where a node whose type the field does not fix is wrapped in an object
/// whose only key is its kind.
public final class Node {
    public static final Node NONE = new Node("", Map.of(), 0);

    private final String kind;
    private final Map<String, JsonNode> fields;
    private final int begin;

    private Node(String kind, Map<String, JsonNode> fields, int begin) {
        this.kind = kind;
        this.fields = fields;
        this.begin = begin;
    }

    /// The node in a JSON value of the parser.
    public static Node of(JsonNode json) {
        return of(json, 0);
    }

    private static Node of(JsonNode json, int begin) {
        if (!json.isObject()) {
            return NONE;
        }
        if (json.size() == 1) {
            var only = json.properties().iterator().next();
            if (Character.isUpperCase(only.getKey().charAt(0))
                    && only.getValue().isObject()) {
                return new Node(only.getKey(), fields(only.getValue()), begin);
            }
        }
        return new Node("", fields(json), begin);
    }

    private static Map<String, JsonNode> fields(JsonNode object) {
        return Map.copyOf(object.properties().stream()
                .collect(java.util.stream.Collectors.toMap(Map.Entry::getKey, Map.Entry::getValue)));
    }

    /// The same in a script that its text is part of.
    ///
    /// @param bytes of UTF-8 that stand before its text there
    public Node within(int bytes) {
        return this == NONE ? NONE : new Node(kind, fields, begin + bytes);
    }

    /// The node's type, such as `ColumnDef`; empty where the field that holds it allows one type only.
    public String kind() {
        return kind;
    }

    public boolean is(String wanted) {
        return kind.equals(wanted);
    }

    public boolean isPresent() {
        return this != NONE;
    }

    /// Whether the field is there: PostgreSQL leaves out what is null, empty, zero or false.
    public boolean has(String field) {
        return fields.containsKey(field);
    }

    public Node child(String field) {
        JsonNode value = fields.get(field);
        return value == null ? NONE : of(value, begin);
    }

    /// The elements of a list, in order.
    public List<Node> list(String field) {
        JsonNode value = fields.get(field);
        if (value == null || !value.isArray()) {
            return List.of();
        }
        List<Node> nodes = new ArrayList<>(value.size());
        value.forEach(element -> nodes.add(of(element, begin)));
        return List.copyOf(nodes);
    }

    /// A text, or the name of an enum's value, such as `AT_AddColumn`.
    public String text(String field) {
        JsonNode value = fields.get(field);
        return value == null || !value.isString() ? "" : value.stringValue();
    }

    public boolean flag(String field) {
        JsonNode value = fields.get(field);
        return value != null && value.isBoolean() && value.booleanValue();
    }

    public long number(String field) {
        JsonNode value = fields.get(field);
        return value == null || !value.isNumber() ? 0 : value.longValue();
    }

    /// The texts of a list of `String` nodes, such as the parts of a qualified name.
    public List<String> texts(String field) {
        return list(field).stream()
                .filter(node -> node.is("String"))
                .map(node -> node.text("sval"))
                .toList();
    }

    /// Where the node begins, in bytes of the script's UTF-8; empty where PostgreSQL keeps no position.
    public Optional<Integer> location() {
        JsonNode value = fields.get("location");
        return value == null || !value.isNumber() || value.intValue() < 0
                ? Optional.empty()
                : Optional.of(value.intValue() + begin);
    }

    /// This node and every node below it, a parent before its children.
    public Stream<Node> descendants() {
        return Stream.concat(Stream.of(this), fields.values().stream().flatMap(value -> within(value, begin)));
    }

    private static Stream<Node> within(JsonNode value, int begin) {
        if (value.isObject()) {
            return of(value, begin).descendants();
        }
        return value.isArray() ? value.valueStream().flatMap(element -> within(element, begin)) : Stream.empty();
    }

    @Override
    public String toString() {
        return kind + fields;
    }
}
