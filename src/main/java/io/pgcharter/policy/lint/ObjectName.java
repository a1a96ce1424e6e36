package io.pgcharter.policy.lint;

import io.pgcharter.model.sql.Node;
import java.util.List;

/// The name of a table, view, index, type or function. One without a schema is taken for one of `public`.
public record ObjectName(String schema, String name) {
    private static final String DEFAULT = "public";

    /// Of a `RangeVar`.
    public static ObjectName of(Node relation) {
        String schema = relation.text("schemaname");
        return new ObjectName(schema.isEmpty() ? DEFAULT : schema, relation.text("relname"));
    }

    /// Of the parts of a qualified name; at least one.
    public static ObjectName of(List<String> parts) {
        return parts.size() == 1
                ? new ObjectName(DEFAULT, parts.getFirst())
                : new ObjectName(parts.get(parts.size() - 2), parts.getLast());
    }

    public ObjectName sibling(String other) {
        return new ObjectName(schema, other);
    }

    @Override
    public String toString() {
        return schema.equals(DEFAULT) ? name : schema + "." + name;
    }
}
