package io.pgcharter.platform.repository;

import java.time.Instant;
import java.util.Collection;
import java.util.Map;

/// When each pack of one repository was last read and found whole. Losing it only means that every pack is due.
/// Thread-safe.
public interface PackLedger {
    /// Pack, as 64 hexadecimal digits, to the time.
    Map<String, Instant> load();

    /// Notes that the packs were read and found whole at that time.
    void enter(Collection<String> packs, Instant at);

    /// Forgets packs: they are damaged, or gone.
    void remove(Collection<String> packs);

    /// Knows nothing and keeps nothing.
    static PackLedger none() {
        return new PackLedger() {
            @Override
            public Map<String, Instant> load() {
                return Map.of();
            }

            @Override
            public void enter(Collection<String> packs, Instant at) {}

            @Override
            public void remove(Collection<String> packs) {}
        };
    }
}
