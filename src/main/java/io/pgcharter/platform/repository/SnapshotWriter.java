package io.pgcharter.platform.repository;

import java.io.OutputStream;
import java.time.Instant;
import java.util.List;

/// Writes the files of one snapshot. Thread-safe: several files may be open at once, each used by one thread.
/// Nothing is visible until [#commit]; closing without it leaves only blobs that no snapshot refers to.
public final class SnapshotWriter implements AutoCloseable {
    SnapshotWriter() {}

    /// Opens a file of the snapshot. The file is part of it once the stream is closed. Failures are ProblemException.
    ///
    /// @param path relative, `/`-separated: `data/00001-0000.copy`; directories come into being by use
    public OutputStream file(String path, int mode) {
        throw new IllegalStateException("not built yet");
    }

    /// Bytes of packs written so far, which is what the repository grows by.
    public long addedBytes() {
        throw new IllegalStateException("not built yet");
    }

    /// Writes what is left, in the order packs, index, snapshot.
    ///
    /// @param time the instant the content is true for
    public Snapshot commit(Instant time, String host, List<String> paths, List<String> tags) {
        throw new IllegalStateException("not built yet");
    }

    @Override
    public void close() {
        throw new IllegalStateException("not built yet");
    }
}
