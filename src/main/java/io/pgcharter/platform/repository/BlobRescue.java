package io.pgcharter.platform.repository;

import io.pgcharter.model.problem.ProblemCode;
import io.pgcharter.model.problem.ProblemException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/// Writes to new packs what can still be read of damaged ones, and what another repository has of the blobs that
/// snapshots need and this one has lost. Not thread-safe.
final class BlobRescue {
    private static final int BUFFERS_KEPT_MAX = 12;

    private final Vault vault;
    private final BlobIndex index;
    private final Diagnosis diagnosis;
    private final CheckProgress progress;
    private final BufferPool buffers = new BufferPool(BUFFERS_KEPT_MAX);
    private final Set<Diagnosis.Blob> moved = new HashSet<>();
    private final Set<Diagnosis.Blob> fetched = new HashSet<>();
    private Set<BlobId> damaged = Set.of();

    BlobRescue(Vault vault, BlobIndex index, Diagnosis diagnosis, CheckProgress progress) {
        this.vault = vault;
        this.index = index;
        this.diagnosis = diagnosis;
        this.progress = progress;
    }

    long rescuedCount() {
        return moved.size();
    }

    long fetchedCount() {
        return fetched.size();
    }

    /// @param packs damaged ones, which still lie where they were
    /// @param snapshots those whose blobs may be taken from `other`
    void run(Set<BlobId> packs, List<Snapshot> snapshots, Optional<Repository> other) {
        damaged = packs;
        FirstFailure failure = new FirstFailure();
        try (PackWriter writer = new PackWriter(vault, failure)) {
            packs.forEach(pack -> move(pack, writer));
            other.ifPresentOrElse(source -> fetch(source, snapshots, writer, failure), writer::finish);
        }
    }

    private void move(BlobId pack, PackWriter writer) {
        progress.pause();
        byte[] bytes;
        try {
            bytes = vault.storage().get(Vault.packKey(pack));
        } catch (ProblemException e) {
            if (e.problem().code() == ProblemCode.NOT_FOUND) {
                return;
            }
            throw e;
        }
        List<PackedBlob> readable = new ArrayList<>();
        try (BlobReader reader = new BlobReader(vault, index)) {
            for (PackedBlob blob : candidates(pack, bytes)) {
                if (blob.offset() + (long) blob.length() > bytes.length || isKept(Diagnosis.Blob.of(blob))) {
                    continue;
                }
                byte[] sealed = Arrays.copyOfRange(bytes, blob.offset(), blob.offset() + blob.length());
                if (PackReading.isReadable(reader, pack, blob, bytes, buffers)) {
                    writer.append(blob.id(), blob.type(), sealed, sealed.length, blob.plainLength());
                    moved.add(Diagnosis.Blob.of(blob));
                    readable.add(blob);
                }
            }
        }
        // The pack stays until the end of the repair: directories can be read from it meanwhile.
        diagnosis.addElsewhere(pack, readable);
    }

    /// What the index says that the pack holds, and what the pack says itself.
    private Collection<PackedBlob> candidates(BlobId pack, byte[] bytes) {
        Set<PackedBlob> candidates = new LinkedHashSet<>(diagnosis.expected(pack));
        PackHeader.read(vault.key(), bytes, bytes.length).ifPresent(candidates::addAll);
        return candidates;
    }

    /// Whether the blob will be readable without anything being done for it.
    private boolean isKept(Diagnosis.Blob blob) {
        if (moved.contains(blob) || fetched.contains(blob)) {
            return true;
        }
        BlobIndex.Place place = index.find(blob.id(), blob.type());
        boolean isSound =
                place != null && diagnosis.verdict(blob.id(), blob.type()).isEmpty() && !damaged.contains(place.pack());
        return isSound
                || diagnosis
                        .elsewhere(blob.id(), blob.type())
                        .filter(found -> !damaged.contains(found.pack()))
                        .isPresent();
    }

    private void fetch(Repository other, List<Snapshot> snapshots, PackWriter writer, FirstFailure failure) {
        BlobIndex otherIndex = other.index(_ -> {});
        try (BlobReader theirs = new BlobReader(other.vault(), otherIndex);
                BlobReader ours = new BlobReader(vault, index);
                BlobReader elsewhere = new BlobReader(vault, diagnosis.elsewhere());
                ChunkPipeline pipeline = new ChunkPipeline(vault, new BlobIndex(), writer, failure, buffers)) {
            Walk walk = new Walk(theirs, ours, elsewhere, pipeline);
            snapshots.forEach(snapshot -> walk.directory(BlobId.parse(snapshot.tree())));
            pipeline.awaitIdle();
            // Before the pipeline is closed: that stops whatever it feeds.
            writer.finish();
        }
    }

    /// Goes through the directories of all snapshots and fetches what is missing.
    private final class Walk {
        private final BlobReader theirs;
        private final BlobReader ours;
        private final BlobReader elsewhere;
        private final ChunkPipeline pipeline;
        private final Set<BlobId> visited = new HashSet<>();

        Walk(BlobReader theirs, BlobReader ours, BlobReader elsewhere, ChunkPipeline pipeline) {
            this.theirs = theirs;
            this.ours = ours;
            this.elsewhere = elsewhere;
            this.pipeline = pipeline;
        }

        void directory(BlobId tree) {
            if (!visited.add(tree)) {
                return;
            }
            progress.pause();
            for (TreeFile.Node node : nodes(tree)) {
                if (node.isDirectory()) {
                    directory(node.subtree());
                } else if (node.isFile()) {
                    for (int chunk = 0; chunk < node.chunkCount(); chunk++) {
                        Diagnosis.Blob blob = new Diagnosis.Blob(node.chunk(chunk), BlobType.DATA);
                        if (!isKept(blob)) {
                            fetch(blob).ifPresent(content -> store(blob, content));
                        }
                    }
                }
            }
        }

        /// None if neither repository can give the directory.
        private List<TreeFile.Node> nodes(BlobId tree) {
            Diagnosis.Blob blob = new Diagnosis.Blob(tree, BlobType.TREE);
            if (isKept(blob)) {
                boolean isOurs = diagnosis.verdict(tree, BlobType.TREE).isEmpty();
                return (isOurs ? ours : elsewhere).tree(tree, buffers);
            }
            Optional<BlobReader.Content> content = fetch(blob);
            if (content.isEmpty()) {
                return List.of();
            }
            byte[] json = Arrays.copyOf(content.get().bytes(), content.get().length());
            store(blob, content.get());
            return TreeFile.read(tree, json, json.length);
        }

        /// Empty if the other repository does not have it, or has it damaged.
        private Optional<BlobReader.Content> fetch(Diagnosis.Blob blob) {
            progress.pause();
            try {
                return Optional.of(theirs.read(blob.id(), blob.type(), buffers));
            } catch (ProblemException e) {
                if (Damage.is(e)) {
                    return Optional.empty();
                }
                throw e;
            }
        }

        private void store(Diagnosis.Blob blob, BlobReader.Content content) {
            pipeline.submit(blob.type(), content.bytes(), content.length(), _ -> {});
            fetched.add(blob);
        }
    }
}
