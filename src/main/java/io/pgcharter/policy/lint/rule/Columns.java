package io.pgcharter.policy.lint.rule;

import io.pgcharter.model.sql.Node;
import io.pgcharter.policy.lint.ColumnType;
import io.pgcharter.policy.lint.Situation;
import java.util.List;
import java.util.stream.Stream;

/// What several rules ask of the columns that a statement makes.
final class Columns {
    private Columns() {}

    /// A constraint of a column that is added to a table that others use.
    ///
    /// @param column the `ColumnDef`
    record Added(Node column, Node constraint) {
        String name() {
            return column.text("colname");
        }
    }

    /// @param kind of the constraint, such as `CONSTR_DEFAULT`
    static Stream<Added> added(Situation at, String kind) {
        return at.alters("AT_AddColumn").stream()
                .flatMap(command -> command.definition().list("constraints").stream()
                        .filter(constraint -> constraint.text("contype").equals(kind))
                        .map(constraint -> new Added(command.definition(), constraint)));
    }

    static boolean has(Node column, String kind) {
        return column.list("constraints").stream()
                .anyMatch(constraint -> constraint.text("contype").equals(kind));
    }

    /// The columns, in new tables too, of one of these types of PostgreSQL's own.
    static Stream<Node> ofType(Situation at, String... types) {
        return at.columns().keySet().stream()
                .filter(column -> ColumnType.of(column.child("typeName")).is(types));
    }

    /// Whether a constraint of the new table makes it the primary key, alone.
    static boolean isOnlyKey(Situation at, Node column) {
        return at.node().list("tableElts").stream()
                .filter(element -> element.text("contype").equals("CONSTR_PRIMARY"))
                .anyMatch(key -> key.texts("keys").equals(List.of(column.text("colname"))));
    }
}
