package io.pgcharter.platform.repository;

import io.pgcharter.model.problem.ProblemCode;
import io.pgcharter.model.problem.ProblemException;
import io.pgcharter.platform.storage.Storage;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Semaphore;
import java.util.function.LongConsumer;
import java.util.stream.IntStream;

/// Frees what no snapshot needs, in two phases.
///
/// **Mark**, under a shared lock, beside running backups and restores: find the packs that hold little or nothing that
/// is used, move what is used into new packs, read those back, and note which packs are to go ([PackMarks]). Nothing
/// disappears.
///
/// **Sweep**, under an exclusive lock, which no backup or restore runs beside: look again at every snapshot, spare each
/// marked pack that one needs after all, write indexes without the others, remove the indexes that name them, then the
/// packs. Only what was marked at least the grace period ago goes: a writer whose lock was taken for stale, or a list
/// that lagged behind, has so long to come to light.
///
/// Whatever stands in the way of knowing what is needed stops it. It can be killed at any call and run again: what a
/// snapshot needs is at all times in a pack that an index names.
final class Prune {
    /// Unused bytes may make up this share of the used ones before packs are rewritten for them.
    private static final double UNUSED_MAX = 0.05;

    /// Packs smaller than this are collected into large ones once there are so many.
    private static final int SMALL_PACK_BYTES = 4 * 1024 * 1024;

    private static final int SMALL_PACKS_MAX = 32;
    private static final int SMALL_INDEXES_MAX = 32;
    private static final int REMOVALS_AT_ONCE = 8;
    private static final int BUFFERS_KEPT_MAX = 2;

    private final Repository repository;
    private final Vault vault;
    private final Duration grace;
    private final LongConsumer progress;
    private final Runnable fence;
    private final BufferPool buffers = new BufferPool(BUFFERS_KEPT_MAX);

    /// @param progress gets the number of bytes of each pack that was repacked; may throw to stop
    /// @param fence called before each point after which something is gone; may throw to stop
    Prune(Repository repository, Duration grace, LongConsumer progress, Runnable fence) {
        this.repository = repository;
        this.vault = repository.vault();
        this.grace = grace;
        this.progress = progress;
        this.fence = fence;
    }

    PruneResult run() {
        Marked marked;
        try (RepositoryLock lock = repository.lock(false)) {
            marked = mark(lock);
        }
        RepositoryLock alone;
        try {
            alone = repository.lock(true);
        } catch (ProblemException e) {
            if (e.problem().code() != ProblemCode.REPOSITORY_LOCKED) {
                throw e;
            }
            return result(
                    marked,
                    0,
                    0,
                    Optional.of("somebody works here: " + e.problem().cause()));
        }
        try (alone) {
            return sweep(alone, marked.repackedBytes());
        }
    }

    /// What is marked, and in which repository.
    private record Marked(View view, Map<BlobId, Instant> packs, long repackedBytes) {}

    // ---- mark -------------------------------------------------------------------------------------------------------

    private Marked mark(RepositoryLock lock) {
        PackMarks marks = PackMarks.load(vault);
        View view = look();
        BitSet worn = worn(view, marks);
        long repackedBytes = repack(view, worn);
        lock.requireHeld();
        Map<BlobId, Instant> next = new LinkedHashMap<>();
        Instant now = repository.now();
        for (int pack = 0; pack < view.index().packCount(); pack++) {
            BlobId id = view.index().pack(pack);
            boolean isNeeded = view.used().bytesIn(pack) > 0 && !worn.get(pack);
            if (!isNeeded) {
                next.put(id, marks.since().getOrDefault(id, now));
            }
        }
        // Packs in no index may be a running backup's: only the sweep can tell.
        marks.since().forEach((pack, since) -> {
            if (!view.index().hasPack(pack) && view.stored().containsKey(pack)) {
                next.put(pack, since);
            }
        });
        marks.replace(vault, next);
        return new Marked(view, next, repackedBytes);
    }

    /// The repository at one moment.
    ///
    /// @param stored every pack there is, and its size
    private record View(List<Snapshot> snapshots, BlobIndex index, UsedBlobs used, Map<BlobId, Long> stored) {}

    /// @throws ProblemException `REPOSITORY_DAMAGED` unless everything that is needed is known and there
    private View look() {
        // Snapshots before the index: whatever a snapshot refers to was indexed before it was written.
        List<Snapshot> snapshots = repository.snapshots();
        BlobIndex index = repository.index();
        UsedBlobs used = UsedBlobs.of(vault, index, snapshots);
        Map<BlobId, Long> stored = new HashMap<>();
        for (Storage.Entry entry : vault.storage().list(Vault.DATA)) {
            String name = entry.key().substring(entry.key().lastIndexOf('/') + 1);
            if (BlobId.isHex(name) && Vault.packKey(BlobId.parse(name)).equals(entry.key())) {
                stored.put(BlobId.parse(name), entry.sizeBytes());
            }
        }
        for (int pack = 0; pack < index.packCount(); pack++) {
            Long size = stored.get(index.pack(pack));
            // A list may lag behind; what is there is there.
            boolean isThere = size == null
                    ? used.bytesIn(pack) == 0 || vault.storage().exists(Vault.packKey(index.pack(pack)))
                    : size == index.packBytes(pack);
            if (used.bytesIn(pack) > 0 && !isThere) {
                throw Damage.of(
                        "the pack '" + index.pack(pack) + "' is " + (size == null ? "missing" : "damaged"),
                        "snapshots need it; nothing is removed from a repository that is not whole");
            }
        }
        return new View(snapshots, index, used, stored);
    }

    /// Packs that hold something used, and are still worth rewriting: those with the largest unused shares, until what
    /// is left unused is little; and small ones, once there are many.
    private static BitSet worn(View view, PackMarks marks) {
        BlobIndex index = view.index();
        int[] partly = IntStream.range(0, index.packCount())
                .filter(pack -> view.used().bytesIn(pack) > 0)
                .filter(pack -> !marks.packs().contains(index.pack(pack)))
                .toArray();
        long usedBytes = 0;
        long unusedBytes = 0;
        for (int pack : partly) {
            usedBytes += view.used().bytesIn(pack);
            unusedBytes += unusedBytes(view, pack);
        }
        BitSet worn = new BitSet();
        int[] byWaste = Arrays.stream(partly)
                .boxed()
                .sorted(Comparator.comparingDouble(pack -> -(double) unusedBytes(view, pack) / index.packBytes(pack)))
                .mapToInt(Integer::intValue)
                .toArray();
        for (int pack : byWaste) {
            if (unusedBytes <= usedBytes * UNUSED_MAX) {
                break;
            }
            worn.set(pack);
            unusedBytes -= unusedBytes(view, pack);
        }
        int[] small = Arrays.stream(partly)
                .filter(pack -> index.packBytes(pack) < SMALL_PACK_BYTES)
                .toArray();
        if (small.length > SMALL_PACKS_MAX) {
            Arrays.stream(small).forEach(worn::set);
        }
        return worn;
    }

    private static long unusedBytes(View view, int pack) {
        long headers = BlobIndex.EMPTY_PACK_BYTES;
        return Math.max(0, view.index().packBytes(pack) - headers - view.used().bytesIn(pack));
    }

    /// Copies the used blobs of the packs into new ones, each checked on the way, and reads the new packs back.
    ///
    /// @return sealed bytes copied
    private long repack(View view, BitSet packs) {
        if (packs.isEmpty()) {
            return 0;
        }
        FirstFailure failure = new FirstFailure();
        long copied = 0;
        try (PackWriter writer = new PackWriter(vault, failure);
                BlobReader reader = new BlobReader(vault, view.index())) {
            List<int[]> entries = view.index().entriesByPack();
            for (int pack = packs.nextSetBit(0); pack >= 0; pack = packs.nextSetBit(pack + 1)) {
                byte[] bytes = vault.storage().get(Vault.packKey(view.index().pack(pack)));
                for (int entry : entries.get(pack)) {
                    if (view.used().isUsed(entry)) {
                        PackedBlob blob = view.index().entry(entry);
                        byte[] sealed = Arrays.copyOfRange(bytes, blob.offset(), blob.offset() + blob.length());
                        BlobReader.Content content =
                                reader.decode(view.index().pack(pack), blob, bytes, blob.offset(), buffers);
                        buffers.give(content.bytes());
                        failure.rethrow();
                        writer.append(blob.id(), blob.type(), sealed, sealed.length, blob.plainLength());
                        copied += sealed.length;
                    }
                }
                progress.accept(bytes.length);
            }
            writer.finish();
            for (BlobId pack : writer.storedPacks()) {
                byte[] bytes = vault.storage().get(Vault.packKey(pack));
                if (!BlobId.digest(BlobId.sha256(), bytes, 0, bytes.length).equals(pack)) {
                    throw Damage.of(
                            "the pack '" + pack + "' is damaged", "what was written just now reads differently");
                }
            }
        }
        return copied;
    }

    // ---- sweep ------------------------------------------------------------------------------------------------------

    private PruneResult sweep(RepositoryLock lock, long repackedBytes) {
        fence.run();
        PackMarks marks = PackMarks.load(vault);
        View view = look();
        Map<BlobId, Instant> kept = new LinkedHashMap<>();
        Set<BlobId> gone = new HashSet<>();
        Instant now = repository.now();
        for (Map.Entry<BlobId, Instant> mark : marked(view, marks, now).entrySet()) {
            if (mark.getValue().plus(grace).isAfter(now)) {
                kept.put(mark.getKey(), mark.getValue());
            } else {
                gone.add(mark.getKey());
            }
        }
        int spared = spareLocked(gone, kept, marks);
        rewriteIndexes(view, gone, lock);
        remove(gone);
        marks.replace(vault, kept);
        vault.storage().removeUnfinished();
        long freedBytes = gone.stream()
                .mapToLong(pack -> view.stored().getOrDefault(pack, 0L))
                .sum();
        Optional<String> waiting = spared == 0
                ? Optional.empty()
                : Optional.of("Object Lock keeps " + spared + (spared == 1 ? " pack" : " packs") + " for now");
        return result(new Marked(view, kept, repackedBytes), gone.size(), freedBytes, waiting);
    }

    /// What the storage keeps under lock stays marked.
    ///
    /// @return how many packs were spared
    private int spareLocked(Set<BlobId> gone, Map<BlobId, Instant> kept, PackMarks marks) {
        if (!vault.storage().isLocking()) {
            return 0;
        }
        List<BlobId> spared = gone.stream()
                .filter(pack -> vault.storage().isLocked(Vault.packKey(pack)))
                .toList();
        spared.forEach(pack -> {
            gone.remove(pack);
            kept.put(pack, marks.since().getOrDefault(pack, repository.now()));
        });
        return spared.size();
    }

    private void remove(Set<BlobId> packs) {
        FirstFailure failure = new FirstFailure();
        Semaphore turns = new Semaphore(REMOVALS_AT_ONCE);
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            for (BlobId pack : packs) {
                threads.execute(() -> {
                    turns.acquireUninterruptibly();
                    try {
                        vault.storage().delete(Vault.packKey(pack));
                    } catch (RuntimeException e) {
                        failure.report(e);
                    } finally {
                        turns.release();
                    }
                });
            }
        }
        failure.rethrow();
    }

    /// What is marked and, as nobody else works here now, not needed: marked packs of the index that no snapshot needs,
    /// and packs in no index, which a dead writer left.
    private Map<BlobId, Instant> marked(View view, PackMarks marks, Instant now) {
        Map<BlobId, Instant> marked = new LinkedHashMap<>();
        for (int pack = 0; pack < view.index().packCount(); pack++) {
            Instant since = marks.since().get(view.index().pack(pack));
            if (since != null && view.used().bytesIn(pack) == 0) {
                marked.put(view.index().pack(pack), since);
            }
        }
        for (BlobId pack : view.stored().keySet()) {
            if (!view.index().hasPack(pack)) {
                marked.put(pack, marks.since().getOrDefault(pack, now));
            }
        }
        return marked;
    }

    /// Index files that name what goes are written anew without it before they go; so are small ones, once there are
    /// many.
    private void rewriteIndexes(View view, Set<BlobId> gone, RepositoryLock lock) {
        List<String> names = vault.names(Vault.INDEX);
        List<String> old = new ArrayList<>();
        List<IndexFile.PackContent> pending = new ArrayList<>();
        int pendingBlobs = 0;
        boolean mergesSmall = names.size() > SMALL_INDEXES_MAX;
        for (String name : names) {
            List<IndexFile.PackContent> packs = IndexFile.read(Vault.INDEX + name, vault.load(Vault.INDEX, name));
            int blobs = packs.stream().mapToInt(pack -> pack.blobs().size()).sum();
            boolean namesGone = packs.stream().anyMatch(pack -> gone.contains(pack.pack()));
            boolean isMerged = mergesSmall && blobs < IndexFile.BLOBS_MAX / 2;
            if (!namesGone && !isMerged) {
                continue;
            }
            old.add(name);
            for (IndexFile.PackContent pack : packs) {
                if (!gone.contains(pack.pack()) && view.stored().containsKey(pack.pack())) {
                    pending.add(pack);
                    pendingBlobs += pack.blobs().size();
                }
            }
            if (pendingBlobs >= IndexFile.BLOBS_MAX) {
                vault.save(Vault.INDEX, IndexFile.write(pending));
                pending.clear();
                pendingBlobs = 0;
            }
        }
        if (!pending.isEmpty()) {
            vault.save(Vault.INDEX, IndexFile.write(pending));
        }
        lock.requireHeld();
        fence.run();
        old.forEach(name -> vault.storage().hide(Vault.INDEX + name));
    }

    // ---- result -----------------------------------------------------------------------------------------------------

    private PruneResult result(Marked marked, int freedPacks, long freedBytes, Optional<String> waiting) {
        View view = marked.view();
        return new PruneResult(
                view.snapshots().size(),
                view.stored().size() - freedPacks,
                marked.repackedBytes(),
                marked.packs().size(),
                marked.packs().keySet().stream()
                        .mapToLong(pack -> view.stored().getOrDefault(pack, 0L))
                        .sum(),
                marked.packs().values().stream().max(Comparator.naturalOrder()).map(since -> since.plus(grace)),
                freedPacks,
                freedBytes,
                waiting);
    }
}
