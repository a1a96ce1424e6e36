package io.pgcharter.platform.repository;

import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import tools.jackson.databind.node.ObjectNode;

/// Snapshots whose time is written with the offset of a place, as stock restic writes them; ours are in UTC.
public final class LocalTimes {
    private LocalTimes() {}

    /// A snapshot like `origin`, at another time.
    ///
    /// @return its id
    public static String save(Repository repository, Snapshot origin, ZonedDateTime time) {
        ObjectNode node = Json.object();
        node.put("time", DateTimeFormatter.ISO_OFFSET_DATE_TIME.format(time));
        node.put("tree", origin.tree());
        origin.paths().forEach(node.putArray("paths")::add);
        node.put("hostname", origin.host());
        node.put("username", origin.user());
        origin.tags().forEach(node.putArray("tags")::add);
        return repository.vault().save(Vault.SNAPSHOTS, Json.bytes(node));
    }

    /// The same, written as we do.
    public static String saveUtc(Repository repository, Snapshot origin, ZonedDateTime time) {
        return repository
                .vault()
                .save(
                        Vault.SNAPSHOTS,
                        SnapshotFile.write(
                                new Snapshot(
                                        "",
                                        time.toInstant(),
                                        origin.tree(),
                                        origin.host(),
                                        origin.user(),
                                        origin.paths(),
                                        origin.tags()),
                                Machine.here()));
    }
}
