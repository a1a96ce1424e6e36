package io.pgcharter.platform.dump;

import io.pgcharter.model.id.CharterName;
import io.pgcharter.model.id.DatabaseName;
import io.pgcharter.platform.repository.Snapshot;
import java.util.List;
import java.util.Optional;

/// What the tags of a snapshot say of a backup, so that a list of backups needs no more than the snapshots' headers.
/// Stock `restic snapshots` shows them too.
public final class BackupTags {
    private static final String BACKUP = "pgcharter-backup";
    private static final String PROOF = "pgcharter-proof";
    private static final String PIN = "pgcharter-pin";

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
    public static List<String> ofProof(DatabaseName database, Snapshot backup) {
        return List.of(PROOF, "database=" + database, "backup=" + backup.identity());
    }

    /// Tags of the snapshot that exempts `backup` from retention.
    ///
    /// @param because why, in one line
    public static List<String> ofPin(DatabaseName database, Snapshot backup, String because) {
        return List.of(PIN, "database=" + database, "backup=" + backup.identity(), "because=" + because);
    }

    public static boolean isBackup(Snapshot snapshot) {
        return snapshot.tags().contains(BACKUP)
                && value(snapshot, "database").filter(CharterName::isValid).isPresent();
    }

    public static boolean isProof(Snapshot snapshot) {
        return snapshot.tags().contains(PROOF);
    }

    public static boolean isPin(Snapshot snapshot) {
        return snapshot.tags().contains(PIN);
    }

    /// The full id of the backup that a proof or a pin speaks of; empty for every other snapshot.
    public static Optional<String> noteOn(Snapshot snapshot) {
        return isProof(snapshot) || isPin(snapshot) ? value(snapshot, "backup") : Optional.empty();
    }

    /// Whether the snapshot says something about the backup: a proof of it, a pin. Copies of a backup have ids of their
    /// own, so what is said of one of them is said of all.
    public static boolean isAbout(Snapshot snapshot, Snapshot backup) {
        return noteOn(snapshot).filter(backup::isKnownAs).isPresent();
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
