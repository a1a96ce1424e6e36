package io.pgcharter.platform.repository;

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

    /// A blob on its way. Whoever holds it must [#await] it.
    record Ahead(Future<BlobReader.Content> content, int costKib) {}

    /// Begins to read, or says that there is no room to.
    Optional<Ahead> ahead(BlobId id) {
        BlobIndex.Place place = index.find(id, BlobType.DATA);
        int length = place == null ? 0 : place.blob().contentLength();
        int costKib = Math.max(BufferPool.BUFFER_BYTES, length) / 1024;
        if (!aheadKib.tryAcquire(costKib)) {
            return Optional.empty();
        }
        return Optional.of(new Ahead(workers.submit(() -> read(id)), costKib));
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
