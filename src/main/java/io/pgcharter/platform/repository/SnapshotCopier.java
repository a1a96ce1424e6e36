package io.pgcharter.platform.repository;

import io.pgcharter.model.problem.Problem;
import io.pgcharter.model.problem.ProblemCode;
import io.pgcharter.model.problem.ProblemException;
import io.pgcharter.platform.storage.Storage;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.LongConsumer;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/// Copies snapshots from one repository into another, blob by blob and only blobs that the other lacks, as restic's
/// `copy` does: what is compressed stays compressed, only the seal is made anew with the other's key. For one thread.
///
/// A blob is copied if it is what its name says. A snapshot becomes visible last: after its packs, after the index that
/// lists them, and after every blob that was copied for it was read back and checked in the other repository.
///
/// Memory: 48 MiB of packs and the bound of [PackReader].
public final class SnapshotCopier implements AutoCloseable {
    private final Repository source;
    private final Repository target;
    private final Optional<RepositoryLock> reading;
    private final RepositoryLock writing;
    private final BlobIndex sourceIndex;
    private final Set<BlobId> lostPacks;
    private final Map<String, List<Snapshot>> present = new HashMap<>();
    private final FirstFailure failure = new FirstFailure();
    private final PackWriter packs;
    private final Queue<Cryptor> cryptors = new ConcurrentLinkedQueue<>();
    /// Trees of which everything is in the target.
    private final Set<BlobId> copiedTrees = new HashSet<>();
    /// Entries of the source's index: blobs handed to `packs` and not yet read back.
    private final BitSet unverified = new BitSet();

    SnapshotCopier(Repository source, Repository target, Optional<RepositoryLock> reading, RepositoryLock writing) {
        this.source = source;
        this.target = target;
        this.reading = reading;
        this.writing = writing;
        // A damaged index costs what it alone lists: that is found missing where it is needed.
        sourceIndex = source.index(_ -> {});
        lostPacks = lostPacks(target.vault(), target.index());
        packs = new PackWriter(target.vault(), failure);
        // Only what is known to be there counts as there.
        target.snapshots(_ -> {}).forEach(this::note);
    }

    private void note(Snapshot snapshot) {
        present.computeIfAbsent(snapshot.id(), _ -> new ArrayList<>()).add(snapshot);
        snapshot.original()
                .ifPresent(original -> present.computeIfAbsent(original, _ -> new ArrayList<>())
                        .add(snapshot));
    }

    /// What the target has of a snapshot of the source: itself, or another copy of the same one.
    public Optional<Snapshot> find(Snapshot snapshot) {
        return present.getOrDefault(snapshot.identity(), List.of()).stream()
                .filter(snapshot::isAlike)
                .findFirst();
    }

    /// How one copy ended.
    ///
    /// @param snapshots what the target got, in the order asked for; empty if there was damage
    /// @param verifiedBytes content of blobs that were read back
    /// @param damage what of the source could not be read; nothing of the snapshots is visible in the target then
    public record Result(List<Snapshot> snapshots, long blobCount, long verifiedBytes, Optional<Problem> damage) {
        public Result {
            snapshots = List.copyOf(snapshots);
        }
    }

    /// Copies snapshots that belong together; the target gets all of them, in this order, or none.
    ///
    /// @param progress gets the content's size of each blob copied, on several threads; may throw to stop
    /// @param fence called right before the first snapshot becomes visible; may throw to stop
    /// @throws ProblemException what failed in the target, or a callback threw; the copier is of no use then
    public Result copy(List<Snapshot> snapshots, LongConsumer progress, Runnable fence) {
        Walk walk = new Walk(target.index(), progress);
        try (BlobReader reader = new BlobReader(source.vault(), sourceIndex)) {
            snapshots.forEach(snapshot -> walk.into(reader, BlobId.parse(snapshot.tree())));
        }
        Optional<Problem> damage = walk.damage.or(() -> transfer(walk.wanted, progress));
        if (damage.isPresent()) {
            return new Result(List.of(), 0, 0, damage);
        }
        walk.lost.ifPresent(this::refuseLost);
        packs.finish();
        long verifiedBytes = verify(progress);
        copiedTrees.addAll(walk.trees);
        writing.requireHeld();
        fence.run();
        List<Snapshot> copies = snapshots.stream().map(this::save).toList();
        writing.requireStillHeld(copies.stream().map(Snapshot::id).toList());
        return new Result(copies, walk.wanted.cardinality(), verifiedBytes, Optional.empty());
    }

    /// @return what could not be read of the source
    private Optional<Problem> transfer(BitSet wanted, LongConsumer progress) {
        AtomicReference<@Nullable Problem> damage = new AtomicReference<>();
        PackReader.Receiver receiver = new PackReader.Receiver() {
            @Override
            public void whole(PackedBlob blob, byte[] bytes) {
                failure.rethrow();
                if (damage.get() == null) {
                    append(blob, bytes);
                    progress.accept(blob.contentLength());
                }
            }

            @Override
            public void damaged(PackedBlob blob, ProblemException met) {
                damage.compareAndSet(null, met.problem());
            }
        };
        try (PackReader reader = new PackReader(source.vault(), sourceIndex)) {
            reader.read(wanted, receiver);
        }
        return Optional.ofNullable(damage.get());
    }

    private void append(PackedBlob blob, byte[] bytes) {
        Cryptor free = cryptors.poll();
        Cryptor cryptor = free == null ? new Cryptor(target.vault().key()) : free;
        try {
            cryptor.seal(bytes, blob.offset(), blob.length() - Cryptor.OVERHEAD_BYTES);
            packs.append(blob, bytes);
        } finally {
            cryptors.add(cryptor);
        }
        synchronized (unverified) {
            unverified.set(sourceIndex.entryNumber(blob.id(), blob.type()));
        }
    }

    /// Reads back what was copied, by way of the target's own index.
    private long verify(LongConsumer progress) {
        BlobIndex stored = target.index();
        BitSet entries = new BitSet();
        for (int entry = unverified.nextSetBit(0); entry >= 0; entry = unverified.nextSetBit(entry + 1)) {
            PackedBlob blob = sourceIndex.entry(entry);
            int number = stored.entryNumber(blob.id(), blob.type());
            if (number < 0) {
                throw notKept("no index lists the blob '" + blob.id() + "'");
            }
            entries.set(number);
        }
        LongAdder readBytes = new LongAdder();
        PackReader.Receiver receiver = new PackReader.Receiver() {
            @Override
            public void whole(PackedBlob blob, byte[] bytes) {
                readBytes.add(blob.contentLength());
                progress.accept(0);
            }

            @Override
            public void damaged(PackedBlob blob, ProblemException met) {
                throw notKept(met.problem().fact() + ": " + met.problem().cause());
            }
        };
        try (PackReader reader = new PackReader(target.vault(), stored)) {
            reader.read(entries, receiver);
        }
        unverified.clear();
        return readBytes.sum();
    }

    private ProblemException notKept(String cause) {
        return new ProblemException(
                ProblemCode.REPOSITORY_DAMAGED,
                "'" + target.location() + "' does not give back what was just written to it",
                cause,
                "see that its disk is sound and that nobody removes files there, then run it again");
    }

    private void refuseLost(BlobId pack) {
        throw new ProblemException(
                ProblemCode.REPOSITORY_DAMAGED,
                "'" + target.location() + "' has lost content that the copy builds on",
                "the pack '" + pack + "' is missing or has another size than its index says",
                "repair it from the other repository: pgcharter repository repair --from");
    }

    private Snapshot save(Snapshot snapshot) {
        JsonNode node = source.vault().loadJson(Vault.SNAPSHOTS, snapshot.id());
        byte[] json = SnapshotFile.copy(snapshot, node);
        String id = target.vault().save(Vault.SNAPSHOTS, json);
        Snapshot saved = SnapshotFile.read(id, Vault.parse(id, json));
        note(saved);
        return saved;
    }

    /// Bytes of packs that the target grew by so far.
    public long addedBytes() {
        return packs.addedBytes();
    }

    /// Packs that the index lists and that are not there as it says. What a new snapshot builds on is not read again,
    /// but it must be there.
    private static Set<BlobId> lostPacks(Vault vault, BlobIndex index) {
        Map<String, Long> sizes = new HashMap<>();
        for (Storage.Entry entry : vault.storage().list(Vault.DATA)) {
            sizes.put(entry.key(), entry.sizeBytes());
        }
        Set<BlobId> lost = new HashSet<>();
        for (int number = 0; number < index.packCount(); number++) {
            BlobId pack = index.pack(number);
            if (!Long.valueOf(index.packBytes(number)).equals(sizes.get(Vault.packKey(pack)))) {
                lost.add(pack);
            }
        }
        return lost;
    }

    /// What the copy of some snapshots needs.
    private final class Walk {
        private final BlobIndex targetIndex;
        private final LongConsumer progress;
        private final BufferPool buffers = new BufferPool(1);
        private final Set<BlobId> trees = new HashSet<>();
        /// Entries of the source's index.
        private final BitSet wanted = new BitSet();
        /// The first thing that the source does not give.
        private Optional<Problem> damage = Optional.empty();
        /// A pack of the target that should hold a needed blob.
        private Optional<BlobId> lost = Optional.empty();

        private Walk(BlobIndex targetIndex, LongConsumer progress) {
            this.targetIndex = targetIndex;
            this.progress = progress;
        }

        private void into(BlobReader reader, BlobId tree) {
            if (damage.isPresent() || copiedTrees.contains(tree) || !trees.add(tree)) {
                return;
            }
            progress.accept(0);
            want(tree, BlobType.TREE);
            for (TreeFile.Node node : nodes(reader, tree)) {
                if (node.isDirectory()) {
                    into(reader, node.subtree());
                }
                for (int chunk = 0; chunk < node.chunkCount(); chunk++) {
                    want(node.chunk(chunk), BlobType.DATA);
                }
            }
        }

        private List<TreeFile.Node> nodes(BlobReader reader, BlobId tree) {
            try {
                return reader.tree(tree, buffers);
            } catch (ProblemException e) {
                damage = Optional.of(e.problem());
                return List.of();
            }
        }

        private void want(BlobId id, BlobType type) {
            if (targetIndex.contains(id, type)) {
                BlobId pack = targetIndex.pack(targetIndex.packOfEntry(targetIndex.entryNumber(id, type)));
                if (lostPacks.contains(pack)) {
                    lost = Optional.of(pack);
                }
                return;
            }
            int entry = sourceIndex.entryNumber(id, type);
            if (entry < 0) {
                damage = Optional.of(Damage.of("the blob '" + id + "' is missing", "no index lists it")
                        .problem());
            } else if (!unverified.get(entry)) {
                wanted.set(entry);
            }
        }
    }

    /// Waits for what is on its way and gives the locks up.
    @Override
    public void close() {
        try {
            packs.close();
        } finally {
            try {
                writing.close();
            } finally {
                reading.ifPresent(RepositoryLock::close);
            }
        }
    }
}
