package io.pgcharter.platform.repository;

import io.pgcharter.model.problem.ProblemCode;
import io.pgcharter.model.problem.ProblemException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.Comparator;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Semaphore;

/// Reads many blobs pack by pack: neighbours in one read of up to 4 MiB, several reads side by side and ahead of what
/// works on them. Every blob is authenticated, unpacked and held against its SHA-256 before it is handed over.
///
/// Memory: for each of at most 6 threads a stretch of 4 MiB (or one larger blob) and one blob unpacked: 36 MiB with
/// blobs of 2 MiB. For one thread; its receivers are called on several.
final class PackReader implements AutoCloseable {
    private static final int STRETCH_BYTES = 4 * 1024 * 1024;
    /// What is not wanted between two wanted blobs is read and dropped up to here: cheaper than one more request.
    private static final int GAP_BYTES = 256 * 1024;

    private static final int COMPUTING_MAX = 4;
    /// Threads that wait for storage while the others compute.
    private static final int READING_AHEAD = 2;

    private final Vault vault;
    private final BlobIndex index;
    private final int threads = Math.min(COMPUTING_MAX, Runtime.getRuntime().availableProcessors()) + READING_AHEAD;
    private final ExecutorService workers = Executors.newFixedThreadPool(
            threads, Thread.ofPlatform().daemon().name("packs-", 0).factory());
    private final Queue<Desk> idle = new ConcurrentLinkedQueue<>();
    private final BufferPool buffers = new BufferPool(threads);

    PackReader(Vault vault, BlobIndex index) {
        this.vault = vault;
        this.index = index;
    }

    /// Who wants the blobs. Called on several threads at a time; what it throws ends the reading.
    interface Receiver {
        /// @param blob its offset is where it stands in `bytes`: 16 bytes, then its packed content in clear, then 16
        ///     bytes; ready to be sealed anew in its place. `bytes` is the receiver's until it returns
        void whole(PackedBlob blob, byte[] bytes);

        /// @param blob as the index has it
        /// @param damage `REPOSITORY_DAMAGED`, or `STORAGE_UNREACHABLE` if its pack is there and cannot be read
        void damaged(PackedBlob blob, ProblemException damage);
    }

    /// Hands over every wanted blob, whole or damaged; returns when all are.
    ///
    /// @param entries numbers of the wanted blobs' entries in the index
    void read(BitSet entries, Receiver receiver) {
        FirstFailure failure = new FirstFailure();
        Semaphore free = new Semaphore(threads);
        List<PackedBlob> wanted = new ArrayList<>();
        int pack = -1;
        for (int entry = entries.nextSetBit(0); entry >= 0; entry = entries.nextSetBit(entry + 1)) {
            // The index numbers entries pack by pack, as index files list them.
            if (index.packOfEntry(entry) != pack) {
                submit(pack, wanted, receiver, free, failure);
                wanted = new ArrayList<>();
                pack = index.packOfEntry(entry);
            }
            wanted.add(index.entry(entry));
        }
        submit(pack, wanted, receiver, free, failure);
        acquire(free, threads);
        failure.rethrow();
    }

    private void submit(int pack, List<PackedBlob> wanted, Receiver receiver, Semaphore free, FirstFailure failure) {
        wanted.sort(Comparator.comparingInt(PackedBlob::offset));
        int begin = 0;
        while (begin < wanted.size() && !failure.isPresent()) {
            int end = stretchEnd(wanted, begin);
            List<PackedBlob> stretch = wanted.subList(begin, end);
            acquire(free, 1);
            workers.execute(() -> {
                try {
                    if (!failure.isPresent()) {
                        read(index.pack(pack), stretch, receiver);
                    }
                } catch (RuntimeException | Error e) {
                    failure.report(e);
                } finally {
                    free.release();
                }
            });
            begin = end;
        }
    }

    private static void acquire(Semaphore free, int permits) {
        try {
            free.acquire(permits);
        } catch (InterruptedException e) {
            throw FirstFailure.interrupted(e);
        }
    }

    /// The blobs from `begin` on that one read brings; at least one.
    private static int stretchEnd(List<PackedBlob> blobs, int begin) {
        long start = blobs.get(begin).offset();
        int end = begin + 1;
        while (end < blobs.size()) {
            PackedBlob before = blobs.get(end - 1);
            PackedBlob next = blobs.get(end);
            long gap = next.offset() - ((long) before.offset() + before.length());
            if (gap > GAP_BYTES || (long) next.offset() + next.length() - start > STRETCH_BYTES) {
                break;
            }
            end++;
        }
        return end;
    }

    private void read(BlobId pack, List<PackedBlob> stretch, Receiver receiver) {
        Desk desk = idle.poll();
        if (desk == null) {
            desk = new Desk(new BlobReader(vault, index));
        }
        try {
            int start = stretch.getFirst().offset();
            PackedBlob last = stretch.getLast();
            int length = Math.toIntExact((long) last.offset() + last.length() - start);
            byte[] bytes = desk.bytes(length);
            int count;
            try {
                count = vault.storage().get(Vault.packKey(pack), start, ByteBuffer.wrap(bytes, 0, length));
            } catch (ProblemException e) {
                ProblemException damage = unreadable(pack, e);
                stretch.forEach(blob -> receiver.damaged(blob, damage));
                return;
            }
            for (PackedBlob blob : stretch) {
                PackedBlob here = blob.at(blob.offset() - start);
                try {
                    requireRead(pack, here, count);
                    buffers.give(desk.reader()
                            .decode(pack, here, bytes, here.offset(), buffers)
                            .bytes());
                } catch (ProblemException e) {
                    receiver.damaged(blob, e);
                    continue;
                }
                receiver.whole(here, bytes);
            }
        } finally {
            idle.add(desk);
        }
    }

    private static void requireRead(BlobId pack, PackedBlob blob, int count) {
        if ((long) blob.offset() + blob.length() > count) {
            throw Damage.of("the pack '" + pack + "' is damaged", "it ends within the blob '" + blob.id() + "'");
        }
    }

    private static ProblemException unreadable(BlobId pack, ProblemException e) {
        return e.problem().code() == ProblemCode.NOT_FOUND
                ? Damage.of("the pack '" + pack + "' is missing", "an index lists it", e)
                : e;
    }

    /// What one thread needs; kept for the next stretch.
    private static final class Desk {
        private final BlobReader reader;
        private byte[] bytes = new byte[0];

        private Desk(BlobReader reader) {
            this.reader = reader;
        }

        private BlobReader reader() {
            return reader;
        }

        private byte[] bytes(int length) {
            if (bytes.length < length) {
                bytes = new byte[Math.max(length, STRETCH_BYTES)];
            }
            return bytes;
        }
    }

    @Override
    public void close() {
        workers.close();
        idle.forEach(desk -> desk.reader().close());
    }
}
