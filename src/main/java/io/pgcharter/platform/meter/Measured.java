package io.pgcharter.platform.meter;

import io.pgcharter.model.sql.LockMode;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/// What one statement did to relations that were there before it, by their names with schema.
///
/// @param held what its transaction holds after it, or was seen to hold meanwhile
/// @param rewritten tables of which the file, or that of an index, is another
/// @param rows what it did with the rows of tables that it touched; empty if that could not be seen
/// @param walBytes that the server wrote meanwhile; others' too
/// @param took the statement by itself
public record Measured(
        List<Lock> held, Set<String> rewritten, Optional<Map<String, Rows>> rows, long walBytes, Duration took) {
    public Measured {
        held = List.copyOf(held);
        rewritten = Set.copyOf(rewritten);
        rows = rows.map(Map::copyOf);
    }

    /// Rows of one table.
    ///
    /// @param read by sequential scans
    public record Rows(long read, long inserted, long updated, long deleted) {
        static final Rows NONE = new Rows(0, 0, 0, 0);

        Rows since(Rows before) {
            return new Rows(
                    read - before.read, inserted - before.inserted, updated - before.updated, deleted - before.deleted);
        }
    }

    /// The strongest lock on each table or materialised view; those on views and indexes are left out.
    public Map<String, LockMode> locks() {
        Map<String, LockMode> locks = new HashMap<>();
        held.stream()
                .filter(lock -> lock.relation().equals(lock.table()))
                .forEach(lock -> locks.merge(lock.table(), lock.mode(), LockMode::strongest));
        return locks;
    }

    /// Rows that sequential scans have read, by table; nothing of tables that none has read.
    public Map<String, Long> rowsRead() {
        Map<String, Long> read = new HashMap<>();
        rows.ifPresent(all -> all.forEach((table, count) -> {
            if (count.read() > 0) {
                read.put(table, count.read());
            }
        }));
        return read;
    }

    public LockMode lock(String relation) {
        return locks().getOrDefault(relation, LockMode.NONE);
    }
}
