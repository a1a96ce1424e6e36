package io.pgcharter.platform.repository;

import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Phaser;
import java.util.concurrent.atomic.AtomicLong;

/// Collects sealed blobs into packs, stores full packs beside, and lists stored packs in index files. Thread-safe.
/// Holds [#DATA_BUFFERS] buffers of 16 MiB; who appends waits while all of them are on their way.
final class PackWriter implements AutoCloseable {
    /// One fills while two are stored.
    private static final int DATA_BUFFERS = 3;

    private static final int TREE_BUFFER_BYTES = 64 * 1024;

    private final Vault vault;
    private final FirstFailure failure;
    private final BlockingQueue<byte[]> buffers = new ArrayBlockingQueue<>(DATA_BUFFERS);
    private final ExecutorService uploads = Executors.newVirtualThreadPerTaskExecutor();
    private final Phaser uploading = new Phaser(1);
    private final Map<BlobType, PackBuilder> filling = new EnumMap<>(BlobType.class);
    private final List<IndexFile.PackContent> pending = new ArrayList<>();
    private final AtomicLong addedBytes = new AtomicLong();
    private final Queue<BlobId> stored = new ConcurrentLinkedQueue<>();
    private int buffersMade;
    private int pendingBlobs;

    PackWriter(Vault vault, FirstFailure failure) {
        this.vault = vault;
        this.failure = failure;
    }

    long addedBytes() {
        return addedBytes.get();
    }

    /// Packs written so far.
    List<BlobId> storedPacks() {
        return List.copyOf(stored);
    }

    /// @param sealed the sealed blob, its first `length` bytes @param plainLength 0 if not compressed
    void append(BlobId id, BlobType type, byte[] sealed, int length, int plainLength) {
        append(new PackedBlob(id, type, 0, length, plainLength), sealed);
    }

    /// @param blob its offset is where it stands in `bytes`, sealed
    synchronized void append(PackedBlob blob, byte[] bytes) {
        BlobType type = blob.type();
        PackBuilder pack = filling.get(type);
        if (pack != null && !pack.fits(blob.length())) {
            store(type, pack);
            pack = null;
        }
        if (pack == null) {
            pack = new PackBuilder(buffer(type));
            filling.put(type, pack);
        }
        pack.append(blob, bytes);
    }

    private byte[] buffer(BlobType type) {
        if (type == BlobType.TREE) {
            return new byte[TREE_BUFFER_BYTES];
        }
        byte[] free = buffers.poll();
        if (free != null) {
            return free;
        }
        if (buffersMade < DATA_BUFFERS) {
            buffersMade++;
            return new byte[PackBuilder.PACK_BYTES];
        }
        try {
            return buffers.take();
        } catch (InterruptedException e) {
            throw FirstFailure.interrupted(e);
        }
    }

    private void store(BlobType type, PackBuilder pack) {
        filling.remove(type);
        uploading.register();
        uploads.execute(() -> {
            try {
                if (!failure.isPresent()) {
                    upload(pack);
                }
            } catch (RuntimeException | Error e) {
                failure.report(e);
            } finally {
                // A buffer that grew beyond its size was a tree's.
                if (type == BlobType.DATA) {
                    buffers.add(pack.buffer());
                }
                uploading.arriveAndDeregister();
            }
        });
    }

    private void upload(PackBuilder pack) {
        pack.finish(new Cryptor(vault.key()));
        int length = pack.content().remaining();
        BlobId id = BlobId.digest(BlobId.sha256(), pack.buffer(), 0, length);
        vault.storage().put(Vault.packKey(id), pack.content());
        stored.add(id);
        addedBytes.addAndGet(length);
        noteStored(new IndexFile.PackContent(id, pack.blobs()));
    }

    private void noteStored(IndexFile.PackContent content) {
        List<IndexFile.PackContent> full = List.of();
        synchronized (pending) {
            pending.add(content);
            pendingBlobs += content.blobs().size();
            if (pendingBlobs >= IndexFile.BLOBS_MAX) {
                full = takePending();
            }
        }
        saveIndex(full);
    }

    private List<IndexFile.PackContent> takePending() {
        List<IndexFile.PackContent> taken = List.copyOf(pending);
        pending.clear();
        pendingBlobs = 0;
        return taken;
    }

    private void saveIndex(List<IndexFile.PackContent> packs) {
        if (!packs.isEmpty()) {
            vault.save(Vault.INDEX, IndexFile.write(packs));
        }
    }

    /// Stores what is left, waits until every pack is stored, and then lists them.
    void finish() {
        synchronized (this) {
            for (BlobType type : BlobType.values()) {
                PackBuilder pack = filling.get(type);
                if (pack != null) {
                    store(type, pack);
                }
            }
        }
        uploading.arriveAndAwaitAdvance();
        failure.rethrow();
        List<IndexFile.PackContent> last;
        synchronized (pending) {
            last = takePending();
        }
        saveIndex(last);
    }

    /// Waits for uploads under way.
    @Override
    public void close() {
        uploads.close();
    }
}
