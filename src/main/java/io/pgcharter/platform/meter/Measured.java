package io.pgcharter.platform.meter;

import io.pgcharter.model.sql.LockMode;
import java.util.Map;
import java.util.Set;

/// What one statement did to relations that were there before it, by their names with schema.
///
/// @param locks the strongest that its transaction holds on each table, view or sequence; indexes are counted with
/// their table
/// @param rewritten tables of which the file, or that of an index, is another
/// @param rowsRead rows that sequential scans of a table have read
/// @param walBytes that the server wrote meanwhile; others' too
public record Measured(Map<String, LockMode> locks, Set<String> rewritten, Map<String, Long> rowsRead, long walBytes) {
    public Measured {
        locks = Map.copyOf(locks);
        rewritten = Set.copyOf(rewritten);
        rowsRead = Map.copyOf(rowsRead);
    }

    public LockMode lock(String relation) {
        return locks.getOrDefault(relation, LockMode.NONE);
    }
}
