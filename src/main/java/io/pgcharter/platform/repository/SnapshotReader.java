package io.pgcharter.platform.repository;

import java.io.InputStream;
import java.util.List;

/// Reads the files of one snapshot. Thread-safe; each stream is used by one thread.
public final class SnapshotReader implements AutoCloseable {
    SnapshotReader() {}

    /// Paths of all files, relative, `/`-separated, sorted.
    public List<String> files() {
        throw new IllegalStateException("not built yet");
    }

    public boolean contains(String path) {
        throw new IllegalStateException("not built yet");
    }

    /// @throws io.pgcharter.model.problem.ProblemException `NOT_FOUND`; while reading `REPOSITORY_DAMAGED`
    public InputStream open(String path) {
        throw new IllegalStateException("not built yet");
    }

    /// Length of the file in bytes.
    public long size(String path) {
        throw new IllegalStateException("not built yet");
    }

    @Override
    public void close() {
        throw new IllegalStateException("not built yet");
    }
}
