package io.pgcharter.platform.repository;

import io.pgcharter.model.problem.ProblemCode;
import io.pgcharter.model.problem.ProblemException;
import java.io.InputStream;
import java.util.List;
import java.util.Optional;
import java.util.SequencedMap;
import java.util.TreeMap;

/// Reads the files of one snapshot. Thread-safe; each stream is used by one thread. Every blob is checked against its
/// authentication code and its SHA-256 before any byte of it is handed out.
public final class SnapshotReader implements AutoCloseable {
    private final Snapshot snapshot;
    private final Optional<RepositoryLock> lock;
    private final BlobFetcher fetcher;
    private final SequencedMap<String, TreeFile.Node> files = new TreeMap<>();

    SnapshotReader(Vault vault, BlobIndex index, Snapshot snapshot, Optional<RepositoryLock> lock) {
        this.snapshot = snapshot;
        this.lock = lock;
        fetcher = new BlobFetcher(vault, index);
        try {
            collect(BlobId.parse(snapshot.tree()), "");
        } catch (ProblemException e) {
            fetcher.close();
            throw e;
        }
    }

    private void collect(BlobId tree, String prefix) {
        for (TreeFile.Node node : tree(tree, prefix)) {
            if (node.isDirectory()) {
                collect(node.subtree(), prefix + node.name() + "/");
            } else if (node.isFile()) {
                files.put(prefix + node.name(), node);
            }
        }
    }

    private List<TreeFile.Node> tree(BlobId tree, String prefix) {
        try {
            return fetcher.tree(tree);
        } catch (ProblemException e) {
            throw Damage.is(e) ? Damage.in("/" + prefix, e) : e;
        }
    }

    /// Paths of all files, relative, `/`-separated, sorted.
    public List<String> files() {
        return List.copyOf(files.keySet());
    }

    public boolean contains(String path) {
        return files.containsKey(path);
    }

    /// @throws ProblemException `NOT_FOUND`; while reading `REPOSITORY_DAMAGED`
    public InputStream open(String path) {
        return new BlobStream(fetcher, path, node(path));
    }

    /// Length of the file in bytes.
    public long size(String path) {
        return node(path).size();
    }

    private TreeFile.Node node(String path) {
        TreeFile.Node node = files.get(path);
        if (node == null) {
            throw new ProblemException(
                    ProblemCode.NOT_FOUND,
                    "the snapshot '" + snapshot.id().substring(0, 8) + "' has no file '" + path + "'",
                    "it was not saved with it",
                    "see its files: restic ls " + snapshot.id().substring(0, 8));
        }
        return node;
    }

    /// Stops reading ahead and gives the lock up.
    @Override
    public void close() {
        try {
            fetcher.close();
        } finally {
            lock.ifPresent(RepositoryLock::close);
        }
    }
}
