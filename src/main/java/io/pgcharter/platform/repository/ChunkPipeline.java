package io.pgcharter.platform.repository;

import com.github.luben.zstd.Zstd;
import com.github.luben.zstd.ZstdCompressCtx;
import java.security.MessageDigest;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Semaphore;
import java.util.function.Consumer;

/// Turns chunks into blobs in packs, on one platform thread per processor: hash, look whether the repository has it,
/// compress, seal, append. Chunks under way hold at most 32 MiB; who submits more waits. Thread-safe.
final class ChunkPipeline implements AutoCloseable {
    /// Measured on COPY text: level 3 gives no better ratio at half the speed, gzip's level 1 a worse one at a fifth.
    static final int ZSTD_LEVEL = 1;

    private static final int BUDGET_KIB = 32 * 1024;
    /// What a chunk counts at least, so that the number of waiting tasks is bounded too.
    private static final int CHUNK_COST_MIN_KIB = 64;

    private final BlobIndex known;
    private final BlobIndex claimed;
    private final PackWriter packs;
    private final FirstFailure failure;
    private final BufferPool buffers;
    private final Semaphore budgetKib = new Semaphore(BUDGET_KIB, true);
    private final ExecutorService workers;
    private final BlockingQueue<Coder> coders;

    /// @param known what the repository has already
    ChunkPipeline(Vault vault, BlobIndex known, PackWriter packs, FirstFailure failure, BufferPool buffers) {
        this.known = known;
        claimed = known.empty();
        this.packs = packs;
        this.failure = failure;
        this.buffers = buffers;
        int processors = Runtime.getRuntime().availableProcessors();
        workers = Executors.newFixedThreadPool(
                processors, Thread.ofPlatform().daemon().name("repository-", 0).factory());
        coders = new ArrayBlockingQueue<>(processors);
        for (int coder = 0; coder < processors; coder++) {
            coders.add(new Coder(vault.key()));
        }
    }

    /// Gets the ids of what was handed over, on a worker.
    interface Receiver {
        /// @param number of the chunk among those handed over together, from 0
        void stored(int number, BlobId id);
    }

    /// Hands over a chunk; `bytes` belongs to the pipeline from here on.
    void submit(BlobType type, byte[] bytes, int length, Consumer<BlobId> receiver) {
        submit(type, bytes, length, Math.max(1, length), (_, id) -> receiver.accept(id));
    }

    /// Hands over chunks of `chunkBytes` each, the last one perhaps shorter; `bytes` belongs to the pipeline from here
    /// on.
    void submit(BlobType type, byte[] bytes, int length, int chunkBytes, Receiver receiver) {
        failure.rethrow();
        int costKib = Math.max(CHUNK_COST_MIN_KIB, Math.min(BUDGET_KIB, bytes.length / 1024));
        try {
            budgetKib.acquire(costKib);
        } catch (InterruptedException e) {
            throw FirstFailure.interrupted(e);
        }
        workers.execute(() -> {
            try {
                for (int offset = 0; offset < length && !failure.isPresent(); offset += chunkBytes) {
                    BlobId id = store(type, bytes, offset, Math.min(chunkBytes, length - offset));
                    receiver.stored(offset / chunkBytes, id);
                }
            } catch (RuntimeException | Error e) {
                failure.report(e);
            } finally {
                buffers.give(bytes);
                budgetKib.release(costKib);
            }
        });
    }

    private BlobId store(BlobType type, byte[] bytes, int offset, int length) {
        Coder coder = coders.remove();
        try {
            BlobId id = BlobId.digest(coder.sha256, bytes, offset, length);
            if (!known.contains(id, type) && claimed.claim(id, type)) {
                int sealed = coder.encode(bytes, offset, length);
                packs.append(id, type, coder.buffer, sealed, coder.isCompressed ? length : 0);
            }
            return id;
        } finally {
            coders.add(coder);
        }
    }

    /// Waits until every chunk handed over is in a pack.
    void awaitIdle() {
        try {
            budgetKib.acquire(BUDGET_KIB);
        } catch (InterruptedException e) {
            throw FirstFailure.interrupted(e);
        }
        budgetKib.release(BUDGET_KIB);
        failure.rethrow();
    }

    /// Waits for the workers; what they still had is dropped.
    @Override
    public void close() {
        failure.report(new IllegalStateException("the snapshot writer is closed"));
        workers.close();
        coders.forEach(Coder::close);
    }

    /// What one worker needs. Its buffer grows to the largest blob met, at most a little over 8 MiB for data.
    private static final class Coder implements AutoCloseable {
        private final MessageDigest sha256 = BlobId.sha256();
        private final ZstdCompressCtx zstd = new ZstdCompressCtx().setLevel(ZSTD_LEVEL);
        private final Cryptor cryptor;
        private byte[] buffer = new byte[0];
        private boolean isCompressed;

        private Coder(MasterKey key) {
            cryptor = new Cryptor(key);
        }

        /// Leaves the sealed blob at the beginning of the buffer; incompressible content stays as it is.
        private int encode(byte[] bytes, int offset, int length) {
            int bound = Math.toIntExact(Zstd.compressBound(length));
            if (buffer.length < bound + Cryptor.OVERHEAD_BYTES) {
                buffer = new byte[bound + Cryptor.OVERHEAD_BYTES];
            }
            int packed = zstd.compressByteArray(buffer, Cryptor.IV_BYTES, bound, bytes, offset, length);
            isCompressed = packed < length;
            if (!isCompressed) {
                System.arraycopy(bytes, offset, buffer, Cryptor.IV_BYTES, length);
            }
            return cryptor.seal(buffer, 0, isCompressed ? packed : length);
        }

        @Override
        public void close() {
            zstd.close();
        }
    }
}
