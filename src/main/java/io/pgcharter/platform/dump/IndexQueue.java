package io.pgcharter.platform.dump;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.ToLongFunction;
import org.jspecify.annotations.Nullable;

/// Hands out entries that build indexes, so that no worker waits for another's lock: `CREATE INDEX` statements
/// share a table, `ALTER TABLE` has it alone. Entries of the largest tables come first. Thread-safe.
final class IndexQueue {
    private static final int ALONE = -1;

    private final List<TocEntry> waiting;

    /// Table to the number of entries that share it now, or [#ALONE].
    private final Map<String, Integer> held = new HashMap<>();

    /// @param weight bytes of a table by its label
    IndexQueue(List<TocEntry> entries, ToLongFunction<String> weight) {
        waiting = new ArrayList<>(entries);
        waiting.sort(Comparator.comparingLong((TocEntry entry) -> -weight.applyAsLong(table(entry))));
    }

    /// The next entry that can run now; waits while all that is left must wait for others.
    ///
    /// @return null when none is left
    synchronized @Nullable TocEntry take() {
        while (!waiting.isEmpty()) {
            for (int i = 0; i < waiting.size(); i++) {
                TocEntry entry = waiting.get(i);
                if (mayBegin(entry)) {
                    waiting.remove(i);
                    held.merge(table(entry), isAlone(entry) ? ALONE : 1, Integer::sum);
                    return entry;
                }
            }
            try {
                wait();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new IllegalStateException("interrupted while waiting for a table", e);
            }
        }
        return null;
    }

    /// To be called when an entry of [#take()] has ended, well or not.
    synchronized void release(TocEntry entry) {
        held.computeIfPresent(table(entry), (_, count) -> count == ALONE || count == 1 ? null : count - 1);
        notifyAll();
    }

    private boolean mayBegin(TocEntry entry) {
        int count = held.getOrDefault(table(entry), 0);
        return count == 0 || (count != ALONE && !isAlone(entry));
    }

    private static boolean isAlone(TocEntry entry) {
        return !entry.type().equals("INDEX");
    }

    private static String table(TocEntry entry) {
        return entry.table().orElse("");
    }
}
