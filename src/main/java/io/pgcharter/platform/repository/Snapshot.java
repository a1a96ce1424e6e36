package io.pgcharter.platform.repository;

import java.time.Instant;
import java.util.List;

/// One snapshot's header, as restic stores it.
///
/// @param id 64 hexadecimal digits
/// @param tree id of the root tree
/// @param paths what was saved, as absolute paths such as `/payments`
public record Snapshot(
        String id, Instant time, String tree, String host, String user, List<String> paths, List<String> tags) {
    public Snapshot {
        paths = List.copyOf(paths);
        tags = List.copyOf(tags);
    }
}
