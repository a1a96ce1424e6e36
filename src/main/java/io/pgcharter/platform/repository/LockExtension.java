package io.pgcharter.platform.repository;

import java.time.Instant;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.LongConsumer;

/// Gathers the files that snapshots need, and keeps them locked (Object Lock) as long as what is written now. Memory:
/// about 100 bytes for each pack. For one thread.
final class LockExtension {
    private final Vault vault;
    private final BlobIndex index;
    private final Set<BlobId> packs = new HashSet<>();
    private final Set<BlobId> trees = new HashSet<>();
    private final Set<String> files = new HashSet<>();

    /// @param index what was stored before
    LockExtension(Vault vault, BlobIndex index) {
        this.vault = vault;
        this.index = index;
    }

    /// A blob that the index does not list is one that was written just now, with a lock of its own.
    void add(BlobId blob, BlobType type) {
        BlobIndex.Place place = index.find(blob, type);
        if (place != null) {
            packs.add(place.pack());
        }
    }

    void add(FileNode file) {
        for (int chunk = 0; chunk < file.chunkCount(); chunk++) {
            add(file.chunk(chunk), BlobType.DATA);
        }
    }

    void add(Snapshot snapshot, BlobReader reader, BufferPool buffers) {
        files.add(Vault.SNAPSHOTS + snapshot.id());
        addTree(BlobId.parse(snapshot.tree()), reader, buffers);
    }

    private void addTree(BlobId tree, BlobReader reader, BufferPool buffers) {
        if (!trees.add(tree)) {
            return;
        }
        add(tree, BlobType.TREE);
        for (TreeFile.Node node : reader.tree(tree, buffers)) {
            if (node.isDirectory()) {
                addTree(node.subtree(), reader, buffers);
            }
            for (int chunk = 0; chunk < node.chunkCount(); chunk++) {
                add(node.chunk(chunk), BlobType.DATA);
            }
        }
    }

    /// Nothing can be read without keys, config and indexes, so these go with every snapshot.
    void extend(Instant from, LongConsumer progress) {
        files.add(Vault.CONFIG);
        for (String directory : List.of(Vault.KEYS, Vault.INDEX)) {
            vault.names(directory).forEach(name -> files.add(directory + name));
        }
        packs.forEach(pack -> files.add(Vault.packKey(pack)));
        vault.storage().extendLocks(files, from, progress);
    }
}
