package io.pgcharter.platform.repository;

import java.io.OutputStream;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/// Writes the files of one snapshot. Thread-safe: several files may be open at once, each used by one thread.
/// Nothing is visible until [#commit]; closing without it leaves only blobs that no snapshot refers to.
///
/// Memory: 48 MiB of packs, 32 MiB of chunks under way, 2 MiB per open file (8 MiB while a chunk without cuts is in
/// it), 2 to 8 MiB per processor: at most 110 MiB with 2 processors and 4 files.
public final class SnapshotWriter implements AutoCloseable {
    private static final int BUFFERS_KEPT_MAX = 12;

    private final Vault vault;
    private final RepositoryLock lock;
    private final Gear gear;
    private final FirstFailure failure = new FirstFailure();
    private final BufferPool buffers = new BufferPool(BUFFERS_KEPT_MAX);
    private final PackWriter packs;
    private final ChunkPipeline pipeline;
    private final TreeFile.Directory root = new TreeFile.Directory();
    private int openFiles;
    private boolean isCommitted;
    private boolean isClosed;

    SnapshotWriter(Vault vault, BlobIndex known, Gear gear, RepositoryLock lock) {
        this.vault = vault;
        this.lock = lock;
        this.gear = gear;
        packs = new PackWriter(vault, failure);
        pipeline = new ChunkPipeline(vault, known, packs, failure, buffers);
    }

    /// As [#file(String, int, Chunking)], cut by content.
    public OutputStream file(String path, int mode) {
        return file(path, mode, Chunking.BY_CONTENT);
    }

    /// Opens a file of the snapshot. The file is part of it once the stream is closed. Failures are ProblemException.
    ///
    /// @param path relative, `/`-separated: `data/00001-0000.copy`; directories come into being by use
    /// @param mode the permission bits
    public synchronized OutputStream file(String path, int mode, Chunking chunking) {
        if (isCommitted || isClosed) {
            throw new IllegalStateException("the snapshot is committed or closed");
        }
        FileNode file = new FileNode(path, mode);
        root.add(file, parts(path));
        openFiles++;
        return switch (chunking) {
            case Chunking.ByContent() -> new ChunkStream(pipeline, buffers, gear.new Scan(), file, this::ended);
            case Chunking.Blocks(int bytes) -> new BlockStream(pipeline, buffers, bytes, file, this::ended);
        };
    }

    private static String[] parts(String path) {
        String[] parts = path.split("/", -1);
        for (String part : parts) {
            if (part.isEmpty() || part.equals(".") || part.equals("..") || part.indexOf('\0') >= 0) {
                throw new IllegalArgumentException("not a path of a snapshot: '" + path + "'");
            }
        }
        return parts;
    }

    private synchronized void ended() {
        openFiles--;
    }

    /// Bytes of packs written so far, which is what the repository grows by.
    public long addedBytes() {
        return packs.addedBytes();
    }

    /// Writes what is left, in the order packs, index, snapshot.
    ///
    /// @param time the instant the content is true for
    public synchronized Snapshot commit(Instant time, String host, List<String> paths, List<String> tags) {
        if (isCommitted || isClosed) {
            throw new IllegalStateException("the snapshot is committed or closed");
        }
        failure.rethrow();
        if (openFiles > 0) {
            throw new IllegalStateException(openFiles + " file(s) of the snapshot are still open");
        }
        pipeline.awaitIdle();
        BlobId tree = save(root, time);
        packs.finish();
        lock.requireHeld();
        Machine machine = Machine.here();
        Snapshot nameless = new Snapshot("", time, tree.toString(), host, machine.user(), paths, tags);
        String id = vault.save(Vault.SNAPSHOTS, SnapshotFile.write(nameless, machine));
        isCommitted = true;
        return new Snapshot(id, time, tree.toString(), host, machine.user(), paths, tags);
    }

    private BlobId save(TreeFile.Directory directory, Instant time) {
        List<BlobId> subtrees = new ArrayList<>();
        for (TreeFile.Directory child : directory.directories()) {
            subtrees.add(save(child, time));
        }
        Json.Text json = TreeFile.write(directory, subtrees, time);
        AtomicReference<@Nullable BlobId> id = new AtomicReference<>();
        pipeline.submit(BlobType.TREE, json.buffer(), json.size(), id::set);
        pipeline.awaitIdle();
        BlobId saved = id.get();
        if (saved == null) {
            throw new IllegalStateException("the pipeline was idle before it had stored a directory");
        }
        return saved;
    }

    /// Stops the workers and gives the lock up.
    @Override
    public synchronized void close() {
        if (isClosed) {
            return;
        }
        isClosed = true;
        try {
            pipeline.close();
            packs.close();
        } finally {
            lock.close();
        }
    }
}
