package io.pgcharter.platform.repository;

import java.time.Instant;
import java.util.Optional;

/// What a prune did.
///
/// @param packCount packs that remain in the index
/// @param repackedBytes sealed bytes of used blobs that were moved out of packs worth removing
/// @param markedPackCount packs that wait to be removed
/// @param removableAt when the last of them can be; empty if none waits
/// @param waiting why something was not removed though its time had come
public record PruneResult(
        int snapshotCount,
        int packCount,
        long repackedBytes,
        int markedPackCount,
        long markedBytes,
        Optional<Instant> removableAt,
        int freedPackCount,
        long freedBytes,
        Optional<String> waiting) {}
