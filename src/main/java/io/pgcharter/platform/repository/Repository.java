package io.pgcharter.platform.repository;

import io.pgcharter.model.secret.Secret;
import java.nio.file.Path;
import java.util.List;

/// A restic repository (format 2), opened with one of its passwords. Thread-safe.
public final class Repository implements AutoCloseable {
    private Repository() {}

    /// @throws io.pgcharter.model.problem.ProblemException `REPOSITORY_EXISTS`, `STORAGE_UNREACHABLE`, `STORAGE_FULL`
    public static Repository init(Path directory, Secret password) {
        throw new IllegalStateException("not built yet");
    }

    /// @throws io.pgcharter.model.problem.ProblemException `REPOSITORY_MISSING`, `REPOSITORY_PASSWORD`,
    ///     `REPOSITORY_FORMAT`, `STORAGE_UNREACHABLE`
    public static Repository open(Path directory, Secret password) {
        throw new IllegalStateException("not built yet");
    }

    /// The repository's id: 64 hexadecimal digits.
    public String id() {
        throw new IllegalStateException("not built yet");
    }

    /// Every snapshot, oldest first.
    public List<Snapshot> snapshots() {
        throw new IllegalStateException("not built yet");
    }

    /// @param idOrPrefix at least 8 digits @throws ProblemException `NOT_FOUND` if none or several match
    public Snapshot snapshot(String idOrPrefix) {
        throw new IllegalStateException("not built yet");
    }

    /// Begins a snapshot. Takes a (non-exclusive) restic lock until the writer is closed.
    public SnapshotWriter write() {
        throw new IllegalStateException("not built yet");
    }

    /// Opens a snapshot's files. Takes a (non-exclusive) restic lock until the reader is closed.
    public SnapshotReader read(Snapshot snapshot) {
        throw new IllegalStateException("not built yet");
    }

    @Override
    public void close() {
        throw new IllegalStateException("not built yet");
    }
}
