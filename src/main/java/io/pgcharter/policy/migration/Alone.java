package io.pgcharter.policy.migration;

import io.pgcharter.model.sql.Node;
import java.util.Optional;

/// Which statements PostgreSQL refuses to run inside a transaction. Source: the callers of `PreventInTransactionBlock`
/// in PostgreSQL 14 to 18.
final class Alone {
    private Alone() {}

    /// The statement as people call it, if it runs only outside of transactions.
    static Optional<String> why(Node node) {
        return switch (node.kind()) {
            case "IndexStmt" -> when(node.flag("concurrent"), "CREATE INDEX CONCURRENTLY");
            case "DropStmt" -> when(node.flag("concurrent"), "DROP INDEX CONCURRENTLY");
            case "ReindexStmt" -> reindex(node);
            case "VacuumStmt" -> when(node.flag("is_vacuumcmd"), "VACUUM");
            case "ClusterStmt" -> when(!node.child("relation").isPresent(), "CLUSTER of all tables");
            case "AlterSystemStmt" -> Optional.of("ALTER SYSTEM");
            case "CreatedbStmt" -> Optional.of("CREATE DATABASE");
            case "DropdbStmt" -> Optional.of("DROP DATABASE");
            case "AlterDatabaseStmt" -> when(hasOption(node, "tablespace"), "ALTER DATABASE … SET TABLESPACE");
            case "CreateTableSpaceStmt" -> Optional.of("CREATE TABLESPACE");
            case "DropTableSpaceStmt" -> Optional.of("DROP TABLESPACE");
            case "CreateSubscriptionStmt" -> Optional.of("CREATE SUBSCRIPTION");
            case "AlterSubscriptionStmt" -> subscription(node);
            case "DropSubscriptionStmt" -> Optional.of("DROP SUBSCRIPTION");
            case "AlterTableStmt" ->
                when(
                        node.list("cmds").stream()
                                .map(command -> command.child("def"))
                                .anyMatch(definition -> definition.flag("concurrent")),
                        "DETACH PARTITION … CONCURRENTLY");
            case "TransactionStmt" ->
                when(
                        node.text("kind").equals("TRANS_STMT_COMMIT_PREPARED")
                                || node.text("kind").equals("TRANS_STMT_ROLLBACK_PREPARED"),
                        "COMMIT PREPARED");
            default -> Optional.empty();
        };
    }

    /// Whether it waits for older transactions without making anybody wait behind it, so that its own limit for locks
    /// may be long.
    static boolean isOnline(Node node) {
        return why(node)
                .filter(what -> what.endsWith("CONCURRENTLY") || what.equals("VACUUM"))
                .isPresent();
    }

    private static Optional<String> reindex(Node node) {
        if (hasOption(node, "concurrently")) {
            return Optional.of("REINDEX CONCURRENTLY");
        }
        return switch (node.text("kind")) {
            case "REINDEX_OBJECT_SCHEMA" -> Optional.of("REINDEX SCHEMA");
            case "REINDEX_OBJECT_SYSTEM" -> Optional.of("REINDEX SYSTEM");
            case "REINDEX_OBJECT_DATABASE" -> Optional.of("REINDEX DATABASE");
            default -> Optional.empty();
        };
    }

    private static Optional<String> subscription(Node node) {
        return switch (node.text("kind")) {
            case "ALTER_SUBSCRIPTION_REFRESH",
                    "ALTER_SUBSCRIPTION_SET_PUBLICATION",
                    "ALTER_SUBSCRIPTION_ADD_PUBLICATION",
                    "ALTER_SUBSCRIPTION_DROP_PUBLICATION" -> Optional.of("ALTER SUBSCRIPTION … PUBLICATION");
            default -> Optional.empty();
        };
    }

    private static boolean hasOption(Node node, String name) {
        return java.util.stream.Stream.concat(node.list("params").stream(), node.list("options").stream())
                .anyMatch(option -> option.text("defname").equals(name));
    }

    private static Optional<String> when(boolean holds, String what) {
        return holds ? Optional.of(what) : Optional.empty();
    }
}
