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
    private final BlobIndex known;
    private final RepositoryLock lock;
    private final Gear gear;
    private final FirstFailure failure = new FirstFailure();
    private final BufferPool buffers = new BufferPool(BUFFERS_KEPT_MAX);
    private final PackWriter packs;
    private final ChunkPipeline pipeline;
    private final TreeFile.Directory root = new TreeFile.Directory();
    private final List<BlobId> trees = new ArrayList<>();
    private int openFiles;
    private boolean isCommitted;
    private boolean isClosed;

    SnapshotWriter(Vault vault, BlobIndex known, Gear gear, RepositoryLock lock) {
        this.vault = vault;
        this.known = known;
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

    /// Writes what is left, in the order packs, index, snapshot. Where the storage locks what it keeps, the
    /// locks of all that the snapshot shares with earlier ones are extended first: a snapshot that shows is
    /// locked whole.
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
        if (vault.storage().isLocking()) {
            LockExtension extension = new LockExtension(vault, known);
            gather(root, extension);
            trees.forEach(saved -> extension.add(saved, BlobType.TREE));
            extension.extend(lock.takenAt(), _ -> {});
        }
        lock.requireHeld();
        Machine machine = Machine.here();
        Snapshot nameless = new Snapshot("", time, tree.toString(), host, machine.user(), paths, tags);
        String id = vault.save(Vault.SNAPSHOTS, SnapshotFile.write(nameless, machine));
        lock.requireStillHeld(List.of(id));
        isCommitted = true;
        return new Snapshot(id, time, tree.toString(), host, machine.user(), paths, tags);
    }

    private static void gather(TreeFile.Directory directory, LockExtension extension) {
        directory.files().forEach(extension::add);
        directory.directories().forEach(child -> gather(child, extension));
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
        trees.add(saved);
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
