package io.pgcharter.platform.history;

import io.pgcharter.platform.postgres.Quoting;

/// The `search_path` as Flyway gives it to migrations: the history's schema first, then what the role has.
///
/// Source: flyway-database-postgresql, PostgreSQLConnection.java.
final class SearchPath {
    private SearchPath() {}

    static String schemaFirst(String schema, String original) {
        if (original.equals(schema) || original.startsWith(schema + ",")) {
            return original;
        }
        String quoted = Quoting.identifier(schema);
        return original.isBlank() ? quoted : quoted + "," + original;
    }
}
