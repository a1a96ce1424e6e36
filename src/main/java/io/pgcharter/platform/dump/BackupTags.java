package io.pgcharter.platform.dump;

import io.pgcharter.model.id.BackupId;
import io.pgcharter.model.id.DatabaseName;
import io.pgcharter.platform.repository.Snapshot;
import java.util.List;
import java.util.Optional;

/// What the tags of a snapshot say of a backup, so that a list of backups needs no more than the snapshots' headers.
/// Stock `restic snapshots` shows them too.
public final class BackupTags {
    private static final String BACKUP = "pgcharter-backup";
    private static final String PROOF = "pgcharter-proof";

    private BackupTags() {}

    public static List<String> of(DatabaseName database, Manifest manifest) {
        return List.of(
                BACKUP,
                "database=" + database,
                "server=" + manifest.server().version(),
                "tables=" + manifest.tables().size(),
                "rows=" + manifest.rowCount(),
                "bytes=" + manifest.contentBytes());
    }

    /// Tags of the snapshot that records that `backup` was proven.
    public static List<String> ofProof(DatabaseName database, BackupId backup) {
        return List.of(PROOF, "database=" + database, "backup=" + backup);
    }

    public static boolean isBackup(Snapshot snapshot) {
        return snapshot.tags().contains(BACKUP) && value(snapshot, "database").isPresent();
    }

    /// Whether the snapshot records a proof of the backup with that full id.
    public static boolean isProofOf(Snapshot snapshot, String backup) {
        return snapshot.tags().contains(PROOF) && snapshot.tags().contains("backup=" + backup);
    }

    public static Optional<String> value(Snapshot snapshot, String key) {
        return snapshot.tags().stream()
                .filter(tag -> tag.startsWith(key + "="))
                .map(tag -> tag.substring(key.length() + 1))
                .findFirst();
    }

    /// A count kept in a tag; 0 if it is not there or no number.
    public static long count(Snapshot snapshot, String key) {
        return value(snapshot, key)
                .filter(text -> text.matches("[0-9]{1,18}"))
                .map(Long::parseLong)
                .orElse(0L);
    }
}
