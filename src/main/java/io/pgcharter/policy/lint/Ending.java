package io.pgcharter.policy.lint;

import io.pgcharter.model.sql.Node;
import java.util.List;

/// The schema after the last statement.
public record Ending(Known known, Wishes wishes) {
    /// The tables that these files make and keep.
    public List<Table> made() {
        return known.tables().stream().filter(table -> table.born().isPresent()).toList();
    }

    public static Spot spot(Table table) {
        Spot born = table.born().orElseThrow();
        return new Spot(born.file(), born.statement(), Node.NONE);
    }
}
