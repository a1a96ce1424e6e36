package io.pgcharter.platform.metrics;

import java.util.Collection;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.statement.Update;

/// Costs of statements as one array for each column, so that one statement enters them all.
final class CostColumns {
    private CostColumns() {}

    /// @param sql that has `:ids`, `:calls` and `:milliseconds`
    static Update update(Handle handle, String sql, Collection<StatementCost> costs) {
        return handle.registerArrayType(Long.class, "bigint")
                .registerArrayType(Double.class, "double precision")
                .createUpdate(sql)
                .bindArray(
                        "ids", Long.class, costs.stream().map(StatementCost::id).toList())
                .bindArray(
                        "calls",
                        Long.class,
                        costs.stream().map(StatementCost::calls).toList())
                .bindArray(
                        "milliseconds",
                        Double.class,
                        costs.stream().map(StatementCost::milliseconds).toList());
    }
}
