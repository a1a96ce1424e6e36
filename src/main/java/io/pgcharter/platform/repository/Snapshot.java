package io.pgcharter.platform.repository;

import java.time.Instant;
import java.util.List;
import java.util.Optional;

/// One snapshot's header, as restic stores it.
///
/// @param id 64 hexadecimal digits
/// @param tree id of the root tree
/// @param paths what was saved, as absolute paths such as `/payments`
/// @param original id of the snapshot that this one is a copy of, in whichever repository that is
public record Snapshot(
        String id,
        Instant time,
        String tree,
        String host,
        String user,
        List<String> paths,
        List<String> tags,
        Optional<String> original) {
    public Snapshot {
        paths = List.copyOf(paths);
        tags = List.copyOf(tags);
    }

    /// A snapshot that is no copy.
    public Snapshot(
            String id, Instant time, String tree, String host, String user, List<String> paths, List<String> tags) {
        this(id, time, tree, host, user, paths, tags, Optional.empty());
    }

    /// The id by which its copies know it: the same for all of them, wherever they are.
    public String identity() {
        return original.orElse(id);
    }

    /// Whether `id` names this snapshot or one that it is a copy of.
    public boolean isKnownAs(String id) {
        return this.id.equals(id) || identity().equals(id);
    }

    /// Whether both say the same of the same content, whatever their ids are.
    boolean isAlike(Snapshot other) {
        return time.equals(other.time)
                && tree.equals(other.tree)
                && host.equals(other.host)
                && user.equals(other.user)
                && paths.equals(other.paths)
                && tags.equals(other.tags);
    }
}
