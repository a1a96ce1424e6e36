package io.pgcharter.platform.meter;

import io.pgcharter.model.sql.LockMode;
import java.util.Map;
import java.util.Set;

/// What one statement did to relations that were there before it, by their names with schema.
///
/// @param locks the strongest that its transaction holds on each table or materialised view; those on indexes are
/// left out
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
