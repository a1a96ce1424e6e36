package io.pgcharter.policy.lint.rule;

import io.pgcharter.model.sql.Node;
import io.pgcharter.policy.lint.Situation;
import java.util.ArrayList;
import java.util.List;

/// A name that a statement gives to something: a table, a column, an index, a constraint and so on.
///
/// @param node where it stands
record NewName(String text, Node node) {
    static List<NewName> of(Situation at) {
        List<NewName> names = new ArrayList<>();
        Node node = at.node();
        switch (node.kind()) {
            case "CreateStmt" -> add(names, node.child("relation"), "relname");
            case "CreateTableAsStmt" -> add(names, node.child("into").child("rel"), "relname");
            case "ViewStmt" -> add(names, node.child("view"), "relname");
            case "CreateSeqStmt" -> add(names, node.child("sequence"), "relname");
            case "IndexStmt" -> add(names, node, "idxname");
            case "CompositeTypeStmt" -> add(names, node.child("typevar"), "relname");
            case "CreateFunctionStmt" -> last(names, node, "funcname");
            case "CreateEnumStmt", "CreateRangeStmt" -> last(names, node, "typeName");
            case "CreateDomainStmt" -> last(names, node, "domainname");
            case "CreateSchemaStmt" -> add(names, node, "schemaname");
            case "CreateTrigStmt" -> add(names, node, "trigname");
            case "CreatePolicyStmt" -> add(names, node, "policy_name");
            case "CreateRoleStmt" -> add(names, node, "role");
            case "RenameStmt" -> add(names, node, "newname");
            default -> {
                // Gives no name by itself.
            }
        }
        at.columns().keySet().forEach(column -> {
            add(names, column, "colname");
            column.list("constraints").forEach(constraint -> add(names, constraint, "conname"));
        });
        node.list("tableElts").stream()
                .filter(element -> element.is("Constraint"))
                .forEach(constraint -> add(names, constraint, "conname"));
        at.changes("AT_AddConstraint").forEach(command -> add(names, command.definition(), "conname"));
        return List.copyOf(names);
    }

    private static void add(List<NewName> names, Node node, String field) {
        if (node.has(field)) {
            names.add(new NewName(node.text(field), node));
        }
    }

    private static void last(List<NewName> names, Node node, String field) {
        names.add(new NewName(node.texts(field).getLast(), node));
    }
}
