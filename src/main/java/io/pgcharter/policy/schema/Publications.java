package io.pgcharter.policy.schema;

import io.pgcharter.model.schema.Difference.Change;
import io.pgcharter.model.schema.Difference.How;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/// Publications and what they publish (<https://www.postgresql.org/docs/current/sql-createpublication.html>).
final class Publications {
    private static final String ALL = "insert, update, delete, truncate";

    private Publications() {}

    /// @param wanted the attributes it is to have, empty if it is to go
    static List<String> publication(Change change, Map<String, String> wanted) {
        String name = change.name().text();
        List<String> statements = new ArrayList<>();
        boolean anew = change.attributes().stream()
                .anyMatch(attribute -> attribute.name().equals("all tables"));
        if (change.how() == How.REMOVED || (change.how() == How.CHANGED && anew)) {
            statements.add("drop publication " + name + ";");
        }
        if (change.how() == How.REMOVED) {
            return statements;
        }
        if (change.how() == How.ADDED || anew) {
            statements.add(
                    "create publication " + name + (wanted.containsKey("all tables") ? " for all tables" : "") + ";");
        }
        statements.add("alter publication " + name + " set (publish = '"
                + wanted.getOrDefault("publishes", ALL) + "', publish_via_partition_root = "
                + wanted.getOrDefault("via root", "false") + ");");
        if (wanted.containsKey("generated columns")) {
            statements.add("alter publication " + name + " set (publish_generated_columns = stored);");
        }
        statements.add("alter publication " + name + " owner to " + Completion.role(wanted.get("owner")) + ";");
        statements.add(
                "comment on publication " + name + " is " + Completion.literalOrNull(wanted.get("comment")) + ";");
        return statements;
    }

    static List<String> table(Change change, Map<String, String> wanted) {
        List<String> sides = QualifiedName.split(change.name().text(), ": ");
        String publication = "alter publication " + sides.getFirst();
        List<String> statements = new ArrayList<>();
        if (change.how() != How.ADDED) {
            statements.add(publication + " drop table " + sides.getLast() + ";");
        }
        if (change.how() != How.REMOVED) {
            statements.add(publication + " add table " + sides.getLast()
                    + (wanted.containsKey("columns") ? " (" + wanted.get("columns") + ")" : "")
                    + (wanted.containsKey("where")
                            ? " where (" + Objects.requireNonNull(wanted.get("where")) + ")"
                            : "")
                    + ";");
        }
        return statements;
    }

    static List<String> schema(Change change) {
        List<String> sides = QualifiedName.split(change.name().text(), ": ");
        return List.of("alter publication " + sides.getFirst() + (change.how() == How.REMOVED ? " drop" : " add")
                + " tables in schema " + sides.getLast() + ";");
    }
}
