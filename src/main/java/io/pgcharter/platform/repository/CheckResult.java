package io.pgcharter.platform.repository;

import java.time.Instant;
import java.util.List;
import java.util.Optional;

/// What a check found.
///
/// @param readPackCount packs read now, of `readBytes` bytes
/// @param duePackCount packs that are still due: never read, or not lately enough; 0 if reading was not asked for
/// @param oldestReadAt when the pack was read that was read longest ago; empty if one never was
/// @param faults what is wrong, each once
public record CheckResult(
        int snapshotCount,
        int packCount,
        long blobCount,
        long readBytes,
        int readPackCount,
        int duePackCount,
        Optional<Instant> oldestReadAt,
        List<Fault> faults) {
    public CheckResult {
        faults = List.copyOf(faults);
    }

    /// What is damaged, one line each; empty when all is well.
    public List<String> errors() {
        return faults.stream()
                .filter(fault -> fault.kind() != Fault.Kind.LEFTOVER)
                .map(Fault::fact)
                .toList();
    }
}
