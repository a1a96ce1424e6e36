package io.pgcharter.platform.repository;

import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/// Counts packs as they are read, and enters those found whole in the ledger, a batch at a time: a check that is killed
/// keeps what it has read. Thread-safe.
final class PackTally {
    private static final int BATCH = 32;

    private final PackLedger ledger;
    private final Instant now;
    private final Set<BlobId> due;
    private final List<String> batch = new ArrayList<>();
    private final Set<BlobId> whole = new HashSet<>();
    private long bytes;
    private int count;
    private int dueCount;

    PackTally(PackLedger ledger, Instant now, Set<BlobId> due) {
        this.ledger = ledger;
        this.now = now;
        this.due = due;
    }

    synchronized void add(PackReading reading) {
        count++;
        bytes += reading.bytes();
        if (due.contains(reading.pack())) {
            dueCount++;
        }
        if (reading.isSound()) {
            whole.add(reading.pack());
            batch.add(reading.pack().toString());
            if (batch.size() >= BATCH) {
                flush();
            }
        }
    }

    synchronized void flush() {
        if (!batch.isEmpty()) {
            ledger.enter(batch, now);
            batch.clear();
        }
    }

    synchronized long bytes() {
        return bytes;
    }

    synchronized int count() {
        return count;
    }

    /// How many of them were due.
    synchronized int dueCount() {
        return dueCount;
    }

    synchronized Set<BlobId> whole() {
        return whole;
    }
}
