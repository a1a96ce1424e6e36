package io.pgcharter.platform.repository;

import java.util.List;

/// What a check found.
///
/// @param readBytes bytes of packs read; 0 unless the data was read
/// @param errors what is damaged, one line each; empty when all is well
public record CheckResult(int snapshotCount, int packCount, long blobCount, long readBytes, List<String> errors) {
    public CheckResult {
        errors = List.copyOf(errors);
    }
}
