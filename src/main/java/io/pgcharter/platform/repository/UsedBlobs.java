package io.pgcharter.platform.repository;

import io.pgcharter.model.problem.ProblemException;
import java.util.BitSet;
import java.util.List;

/// The blobs that snapshots need: one bit a blob of the index, one number a pack. For one thread.
final class UsedBlobs {
    private static final int BUFFERS_KEPT_MAX = 2;

    private final BlobIndex index;
    private final BitSet used = new BitSet();
    private final long[] packBytes;
    private final BufferPool buffers = new BufferPool(BUFFERS_KEPT_MAX);

    private UsedBlobs(BlobIndex index) {
        this.index = index;
        packBytes = new long[index.packCount()];
    }

    /// Walks every directory of the snapshots once.
    ///
    /// @throws ProblemException `REPOSITORY_DAMAGED` if a directory cannot be read, or a blob is in no index: then
    ///     nobody knows what is needed
    static UsedBlobs of(Vault vault, BlobIndex index, List<Snapshot> snapshots) {
        UsedBlobs used = new UsedBlobs(index);
        try (BlobReader reader = new BlobReader(vault, index)) {
            for (Snapshot snapshot : snapshots) {
                try {
                    used.walk(reader, BlobId.parse(snapshot.tree()));
                } catch (ProblemException e) {
                    throw Damage.is(e) ? Damage.in("snapshot " + snapshot.id().substring(0, 8), e) : e;
                }
            }
        }
        return used;
    }

    private void walk(BlobReader reader, BlobId tree) {
        if (!use(tree, BlobType.TREE)) {
            return;
        }
        for (TreeFile.Node node : reader.tree(tree, buffers)) {
            if (node.isDirectory()) {
                walk(reader, node.subtree());
            } else if (node.isFile()) {
                for (int chunk = 0; chunk < node.chunkCount(); chunk++) {
                    use(node.chunk(chunk), BlobType.DATA);
                }
            }
        }
    }

    /// @return false if it was known to be used
    private boolean use(BlobId id, BlobType type) {
        int entry = index.entryNumber(id, type);
        if (entry < 0) {
            throw Damage.of("the blob '" + id + "' is missing", "no index lists it");
        }
        if (used.get(entry)) {
            return false;
        }
        used.set(entry);
        packBytes[index.packOfEntry(entry)] += index.entry(entry).length();
        return true;
    }

    boolean isUsed(int entry) {
        return used.get(entry);
    }

    /// Sealed bytes of used blobs that are best taken from this pack.
    long bytesIn(int pack) {
        return packBytes[pack];
    }
}
