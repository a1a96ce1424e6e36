package io.pgcharter.policy.migration;

import io.pgcharter.model.sql.Node;
import io.pgcharter.model.sql.Statement;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/// A value that is added to an enum cannot be used before the transaction that added it has ended, unless the enum is
/// as new as the value. See <https://www.postgresql.org/docs/current/sql-altertype.html>.
final class NewEnumValue {
    private NewEnumValue() {}

    /// Why the statements cannot share a transaction, if one of them adds a value that a later one writes.
    static Optional<String> why(List<Statement> statements) {
        Set<String> made = new HashSet<>();
        Map<String, String> added = new HashMap<>();
        for (Statement statement : statements) {
            Node node = statement.node();
            if (node.is("CreateEnumStmt")) {
                made.add(name(node));
            } else if (node.is("AlterEnumStmt")) {
                if (!node.text("newVal").isEmpty() && node.text("oldVal").isEmpty() && !made.contains(name(node))) {
                    added.put(node.text("newVal"), name(node));
                }
            } else {
                Optional<String> used = used(node, added.keySet());
                if (used.isPresent()) {
                    return used.map(value -> "the value '" + value + "' that it adds to the enum " + added.get(value)
                            + " is used in it, which PostgreSQL allows after a COMMIT only");
                }
            }
        }
        return Optional.empty();
    }

    private static String name(Node node) {
        return node.texts("typeName").stream().reduce((_, last) -> last).orElse("");
    }

    private static Optional<String> used(Node node, Set<String> values) {
        return values.isEmpty()
                ? Optional.empty()
                : node.descendants()
                        .filter(one -> one.is("A_Const"))
                        .map(one -> one.child("sval").text("sval"))
                        .filter(values::contains)
                        .findFirst();
    }
}
