package io.pgcharter.policy.lint;

import io.pgcharter.model.sql.Node;

/// Which statements PostgreSQL refuses inside a transaction (`PreventInTransactionBlock` in its sources).
public final class Alone {
    private Alone() {}

    public static boolean mustBe(Node node) {
        return switch (node.kind()) {
            case "IndexStmt", "DropStmt" -> node.flag("concurrent");
            case "ReindexStmt" ->
                Effects.options(node).contains("concurrently")
                        || (!node.text("kind").equals("REINDEX_OBJECT_INDEX")
                                && !node.text("kind").equals("REINDEX_OBJECT_TABLE"));
            case "VacuumStmt" -> node.flag("is_vacuumcmd");
            case "CreatedbStmt",
                    "DropdbStmt",
                    "CreateTableSpaceStmt",
                    "DropTableSpaceStmt",
                    "AlterSystemStmt",
                    "CreateSubscriptionStmt",
                    "DropSubscriptionStmt" -> true;
            case "ClusterStmt" -> !node.has("relation");
            case "AlterTableStmt" ->
                node.list("cmds").stream()
                        .anyMatch(command -> command.text("subtype").equals("AT_DetachPartition")
                                && command.child("def").flag("concurrent"));
            default -> false;
        };
    }
}
