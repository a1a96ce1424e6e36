package io.pgcharter.platform.repository;

import io.pgcharter.model.problem.ProblemException;
import io.pgcharter.platform.storage.Storage;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongConsumer;

/// One check of a repository: snapshots → directories → blobs → index → packs, and on request every byte of the packs.
final class RepositoryCheck {
    private static final int BUFFERS_KEPT_MAX = 4;

    private final Repository repository;
    private final Vault vault;
    private final LongConsumer progress;
    private final Set<String> errors = Collections.synchronizedSet(new TreeSet<>());
    private final Set<BlobId> checkedTrees = new HashSet<>();
    private final BufferPool buffers = new BufferPool(BUFFERS_KEPT_MAX);
    private final AtomicLong readBytes = new AtomicLong();

    RepositoryCheck(Repository repository, LongConsumer progress) {
        this.repository = repository;
        this.vault = repository.vault();
        this.progress = progress;
    }

    CheckResult run(boolean readData) {
        checkKeys();
        // Snapshots before the index: whatever a snapshot refers to was indexed before it was written.
        List<Snapshot> snapshots = repository.snapshots(this::note);
        BlobIndex index = repository.index(this::note);
        checkPacks(index);
        try (BlobReader reader = new BlobReader(vault, index)) {
            for (Snapshot snapshot : snapshots) {
                String name = "snapshot '" + snapshot.id().substring(0, 8) + "'";
                checkTree(index, reader, BlobId.parse(snapshot.tree()), name + " '/");
            }
        }
        if (readData) {
            readPacks(index);
        }
        return new CheckResult(
                snapshots.size(), index.packCount(), index.blobCount(), readBytes.get(), List.copyOf(errors));
    }

    private void note(ProblemException damage) {
        errors.add(damage.problem().fact() + ": " + damage.problem().cause());
    }

    /// The key that opened the repository is whole; another password's may not be.
    private void checkKeys() {
        for (KeyFile.Stored key : KeyFile.list(vault.storage())) {
            key.trouble()
                    .ifPresent(trouble -> errors.add("the key file '" + Vault.KEYS + key.name() + "': " + trouble));
        }
    }

    private void checkPacks(BlobIndex index) {
        Map<String, Long> sizes = new HashMap<>();
        for (Storage.Entry entry : vault.storage().list(Vault.DATA)) {
            sizes.put(entry.key(), entry.sizeBytes());
        }
        for (int number = 0; number < index.packCount(); number++) {
            BlobId pack = index.pack(number);
            Long size = sizes.get(Vault.packKey(pack));
            if (size == null) {
                errors.add("the pack '" + pack + "' is missing: an index lists it");
            } else if (size != index.packBytes(number)) {
                errors.add("the pack '" + pack + "' has " + size + " bytes instead of " + index.packBytes(number));
            }
        }
    }

    private void checkTree(BlobIndex index, BlobReader reader, BlobId tree, String place) {
        if (!checkedTrees.add(tree)) {
            return;
        }
        List<TreeFile.Node> nodes;
        try {
            nodes = reader.tree(tree, buffers);
        } catch (ProblemException e) {
            if (!Damage.is(e)) {
                throw e;
            }
            errors.add(place + "': " + e.problem().fact() + ": " + e.problem().cause());
            return;
        }
        for (TreeFile.Node node : nodes) {
            if (node.isDirectory()) {
                checkTree(index, reader, node.subtree(), place + node.name() + "/");
            } else if (node.isFile()) {
                checkFile(index, node, place + node.name() + "'");
            }
        }
    }

    private void checkFile(BlobIndex index, TreeFile.Node node, String place) {
        long size = 0;
        boolean isWhole = true;
        for (int chunk = 0; chunk < node.chunkCount(); chunk++) {
            BlobIndex.Place found = index.find(node.chunk(chunk), BlobType.DATA);
            if (found == null) {
                errors.add(place + ": no index lists the blob '" + node.chunk(chunk) + "'");
                isWhole = false;
            } else {
                size += found.blob().contentLength();
            }
        }
        if (isWhole && size != node.size()) {
            errors.add(place + ": its blobs hold " + size + " bytes, its directory says " + node.size());
        }
    }

    /// One platform thread per processor, each with one pack in memory.
    private void readPacks(BlobIndex index) {
        List<int[]> entries = index.entriesByPack();
        int processors = Runtime.getRuntime().availableProcessors();
        try (ExecutorService workers = Executors.newFixedThreadPool(
                processors, Thread.ofPlatform().daemon().name("check-", 0).factory())) {
            List<Future<?>> tasks = new ArrayList<>();
            for (int number = 0; number < entries.size(); number++) {
                BlobId pack = index.pack(number);
                int[] blobs = entries.get(number);
                tasks.add(workers.submit(() -> readPack(index, pack, blobs)));
            }
            try {
                for (Future<?> task : tasks) {
                    task.get();
                }
            } catch (InterruptedException e) {
                throw FirstFailure.interrupted(e);
            } catch (ExecutionException e) {
                throw e.getCause() instanceof RuntimeException cause
                        ? cause
                        : new IllegalStateException("checking a pack failed", e);
            } finally {
                tasks.forEach(task -> task.cancel(false));
            }
        }
    }

    private void readPack(BlobIndex index, BlobId pack, int[] entries) {
        String key = Vault.packKey(pack);
        if (!vault.storage().exists(key)) {
            return;
        }
        byte[] bytes = vault.storage().get(key);
        if (!BlobId.digest(BlobId.sha256(), bytes, 0, bytes.length).equals(pack)) {
            errors.add("the pack '" + pack + "' is damaged: its SHA-256 is not its name");
        }
        checkHeader(pack, bytes);
        try (BlobReader reader = new BlobReader(vault, index)) {
            for (int entry : entries) {
                checkBlob(reader, pack, index.entry(entry), bytes);
            }
        }
        readBytes.addAndGet(bytes.length);
        progress.accept(bytes.length);
    }

    private void checkBlob(BlobReader reader, BlobId pack, PackedBlob blob, byte[] bytes) {
        if ((long) blob.offset() + blob.length() > bytes.length) {
            errors.add("the blob '" + blob.id() + "' in the pack '" + pack + "' is missing: the pack ends before it");
            return;
        }
        try {
            buffers.give(
                    reader.decode(pack, blob, bytes, blob.offset(), buffers).bytes());
        } catch (ProblemException e) {
            note(e);
        }
    }

    /// The header must open, so that the index can be made anew from the packs.
    private void checkHeader(BlobId pack, byte[] bytes) {
        int length = bytes.length < 4
                ? -1
                : ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN).getInt(bytes.length - 4);
        int begin = bytes.length - 4 - length;
        if (length < Cryptor.OVERHEAD_BYTES || begin < 0 || !new Cryptor(vault.key()).open(bytes, begin, length)) {
            errors.add("the pack '" + pack + "' is damaged: its header cannot be read");
        }
    }
}
