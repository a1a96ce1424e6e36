package io.pgcharter.platform.dump;

import io.pgcharter.model.id.BackupId;
import io.pgcharter.model.id.DatabaseName;
import io.pgcharter.model.problem.ProblemCode;
import io.pgcharter.model.problem.ProblemException;
import io.pgcharter.platform.repository.Snapshot;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/// The backups in a repository, and the notes kept beside them: proofs and pins. Made of the snapshots' headers alone,
/// as they stood at one moment; immutable. Journal anchors and other programs' snapshots are none of it.
public final class BackupCatalog {
    private final List<Entry> entries;
    private final List<Snapshot> strayProofs;

    private BackupCatalog(List<Entry> entries, List<Snapshot> strayProofs) {
        this.entries = List.copyOf(entries);
        this.strayProofs = List.copyOf(strayProofs);
    }

    /// One backup.
    ///
    /// @param provenAt when it was last proven; empty if it never was
    /// @param pinned why it is exempt from retention; empty if it is not
    /// @param notes the snapshots that speak of it
    public record Entry(
            Snapshot snapshot,
            DatabaseName database,
            Optional<Instant> provenAt,
            Optional<String> pinned,
            List<Snapshot> notes) {
        public Entry {
            notes = List.copyOf(notes);
        }

        public BackupId id() {
            return new BackupId(snapshot.id());
        }

        /// The backup, then its notes. Taken off the list in this order: who is stopped halfway leaves a note without a
        /// backup, never a backup without its notes.
        public List<Snapshot> all() {
            List<Snapshot> all = new ArrayList<>(notes.size() + 1);
            all.add(snapshot);
            all.addAll(notes);
            return all;
        }
    }

    /// @param snapshots all that a repository lists
    public static BackupCatalog of(List<Snapshot> snapshots) {
        Map<String, List<Snapshot>> notes = new HashMap<>();
        Set<String> backups = new HashSet<>();
        for (Snapshot snapshot : snapshots) {
            if (BackupTags.isBackup(snapshot)) {
                backups.add(snapshot.id());
                backups.add(snapshot.identity());
            }
            BackupTags.noteOn(snapshot)
                    .ifPresent(backup -> notes.computeIfAbsent(backup, _ -> new ArrayList<>())
                            .add(snapshot));
        }
        List<Entry> entries = snapshots.stream()
                .filter(BackupTags::isBackup)
                .sorted(Comparator.comparing(Snapshot::time).reversed().thenComparing(Snapshot::id))
                .map(snapshot -> entry(snapshot, notesOn(snapshot, notes)))
                .toList();
        List<Snapshot> strayProofs = notes.entrySet().stream()
                .filter(note -> !backups.contains(note.getKey()))
                .flatMap(note -> note.getValue().stream())
                .filter(BackupTags::isProof)
                .toList();
        return new BackupCatalog(entries, strayProofs);
    }

    /// Copies of a backup have ids of their own, so what is said of one of them is said of all.
    private static List<Snapshot> notesOn(Snapshot backup, Map<String, List<Snapshot>> notes) {
        return Stream.of(backup.id(), backup.identity())
                .distinct()
                .flatMap(id -> notes.getOrDefault(id, List.of()).stream())
                .toList();
    }

    private static Entry entry(Snapshot snapshot, List<Snapshot> notes) {
        return new Entry(
                snapshot,
                new DatabaseName(BackupTags.value(snapshot, "database").orElseThrow()),
                notes.stream().filter(BackupTags::isProof).map(Snapshot::time).max(Comparator.naturalOrder()),
                notes.stream()
                        .filter(BackupTags::isPin)
                        .max(Comparator.comparing(Snapshot::time))
                        .map(pin -> BackupTags.value(pin, "because").orElse("no reason given")),
                notes);
    }

    /// Every backup, newest first.
    public List<Entry> backups() {
        return entries;
    }

    /// Those of one database, newest first.
    public List<Entry> backups(DatabaseName database) {
        return entries.stream()
                .filter(entry -> entry.database().equals(database))
                .toList();
    }

    /// Proofs of backups of `database` that are not there any more: whoever took them off the list did not finish, or
    /// knew nothing of proofs.
    public List<Snapshot> strayProofs(DatabaseName database) {
        return strayProofs.stream()
                .filter(proof -> BackupTags.value(proof, "database").equals(Optional.of(database.text())))
                .toList();
    }

    /// @param id in full, or its first digits
    /// @return empty if no backup's id begins so
    /// @throws ProblemException `NOT_FOUND` if several do
    public Optional<Entry> find(BackupId id) {
        List<Entry> found = entries.stream()
                .filter(entry -> entry.snapshot().id().startsWith(id.text()))
                .toList();
        if (found.size() > 1) {
            throw new ProblemException(
                    ProblemCode.NOT_FOUND,
                    found.size() + " backups begin with '" + id + "'",
                    "their first digits are the same",
                    "give more digits of the one you mean; see: pgcharter backups --json");
        }
        return found.stream().findFirst();
    }

    /// @param id in full, or its first digits
    /// @throws ProblemException `NOT_FOUND` if none or several backups begin so
    public Entry require(BackupId id) {
        return find(id).orElseThrow(() -> new ProblemException(
                ProblemCode.NOT_FOUND,
                "no backup begins with '" + id + "'",
                "it was forgotten, is in another repository, or is no backup",
                "choose one from: pgcharter backups"));
    }
}
