package io.pgcharter.platform.repository;

import java.util.List;

/// What a repair did.
///
/// @param indexedPackCount packs that were listed anew, from their own headers
/// @param rescuedBlobCount blobs moved out of damaged packs
/// @param fetchedBlobCount blobs taken from another repository
/// @param setAside keys of the files that were damaged, as they were called before they went to `pgcharter/damaged/`
/// @param lostSnapshots ids of snapshots whose file was damaged: they are gone unless another repository has them
/// @param after what a check of the structure finds now: what is lost for good
public record RepairResult(
        int indexedPackCount,
        long rescuedBlobCount,
        long fetchedBlobCount,
        List<String> setAside,
        List<String> lostSnapshots,
        CheckResult after) {
    public RepairResult {
        setAside = List.copyOf(setAside);
        lostSnapshots = List.copyOf(lostSnapshots);
    }
}
