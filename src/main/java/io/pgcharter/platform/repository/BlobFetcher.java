package io.pgcharter.platform.repository;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.Semaphore;

/// Reads blobs, also ahead of need, on one platform thread per processor. What was read ahead and not yet used holds at
/// most 32 MiB. Thread-safe.
final class BlobFetcher implements AutoCloseable {
    private static final int AHEAD_KIB = 32 * 1024;
    private static final int BUFFERS_KEPT_MAX = 12;
    private static final int TOGETHER_MAX = 64;

    private final Vault vault;
    private final BlobIndex index;
    private final BufferPool buffers = new BufferPool(BUFFERS_KEPT_MAX);
    private final Semaphore aheadKib = new Semaphore(AHEAD_KIB);
    private final Queue<BlobReader> idle = new ConcurrentLinkedQueue<>();
    private final ExecutorService workers = Executors.newFixedThreadPool(
            Runtime.getRuntime().availableProcessors(),
            Thread.ofPlatform().daemon().name("repository-", 0).factory());

    BlobFetcher(Vault vault, BlobIndex index) {
        this.vault = vault;
        this.index = index;
    }

    /// Reads now, on the caller's thread.
    BlobReader.Content read(BlobId id) {
        BlobReader reader = reader();
        try {
            return reader.read(id, BlobType.DATA, buffers);
        } finally {
            idle.add(reader);
        }
    }

    List<TreeFile.Node> tree(BlobId id) {
        BlobReader reader = reader();
        try {
            return reader.tree(id, buffers);
        } finally {
            idle.add(reader);
        }
    }

    private BlobReader reader() {
        BlobReader reader = idle.poll();
        return reader == null ? new BlobReader(vault, index) : reader;
    }

    private BlobReader.Content read(List<BlobIndex.Place> places) {
        BlobReader reader = reader();
        try {
            return reader.read(places, buffers);
        } finally {
            idle.add(reader);
        }
    }

    /// Blobs of a file on their way. Whoever holds it must [#await] it.
    ///
    /// @param count how many blobs
    record Ahead(Future<BlobReader.Content> content, int count, int costKib) {}

    /// Begins to read the blobs from number `first` on, as many as make up 2 MiB, but at least one; or says that
    /// there is no room to.
    Optional<Ahead> ahead(ChunkIds ids, int first) {
        List<BlobIndex.Place> places = new ArrayList<>();
        int length = 0;
        for (int number = first; number < ids.count() && places.size() < TOGETHER_MAX; number++) {
            BlobIndex.Place place = index.find(ids.get(number), BlobType.DATA);
            // What no index lists is an error once it is read alone.
            if (place == null
                    || (!places.isEmpty() && place.blob().contentLength() > BufferPool.BUFFER_BYTES - length)) {
                break;
            }
            places.add(place);
            length += Math.min(place.blob().contentLength(), BufferPool.BUFFER_BYTES);
        }
        int costKib = Math.clamp(
                places.isEmpty() ? 0 : places.getFirst().blob().contentLength() / 1024,
                BufferPool.BUFFER_BYTES / 1024,
                AHEAD_KIB);
        if (!aheadKib.tryAcquire(costKib)) {
            return Optional.empty();
        }
        Future<BlobReader.Content> content =
                workers.submit(() -> places.isEmpty() ? read(ids.get(first)) : read(places));
        return Optional.of(new Ahead(content, Math.max(1, places.size()), costKib));
    }

    BlobReader.Content await(Ahead ahead) {
        try {
            return ahead.content().get();
        } catch (InterruptedException e) {
            throw FirstFailure.interrupted(e);
        } catch (ExecutionException e) {
            if (e.getCause() instanceof RuntimeException cause) {
                throw cause;
            }
            throw new IllegalStateException("reading ahead failed", e);
        } finally {
            aheadKib.release(ahead.costKib());
        }
    }

    void give(BlobReader.Content content) {
        buffers.give(content.bytes());
    }

    @Override
    public void close() {
        workers.close();
        idle.forEach(BlobReader::close);
    }
}
