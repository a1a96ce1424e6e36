package io.pgcharter.model.estate;

import io.pgcharter.model.id.BackupId;
import io.pgcharter.model.id.DatabaseName;
import io.pgcharter.model.id.RepositoryName;
import java.time.Instant;
import java.util.Optional;

/// One backup that a listing of its repository showed.
///
/// @param identity the id by which copies of it know it: the same in every repository
/// @param takenAt the instant its content is true for, by the clock of the node that took it
/// @param provenAt when it was last proven; empty if it never was
/// @param pinned why it is exempt from retention; empty if it is not
/// @param server version of the server it was taken from
/// @param bytes of its content, before compression
public record ListedBackup(
        BackupId id,
        String identity,
        RepositoryName repository,
        DatabaseName database,
        Instant takenAt,
        Optional<Instant> provenAt,
        Optional<String> pinned,
        String server,
        int tables,
        long rows,
        long bytes) {}
