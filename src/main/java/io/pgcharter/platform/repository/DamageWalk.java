package io.pgcharter.platform.repository;

import io.pgcharter.model.problem.ProblemException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

/// One walk over the directories of all snapshots: which of their files miss which pack. A directory that several
/// snapshots share is read once. Not thread-safe.
final class DamageWalk implements AutoCloseable {
    private static final int BUFFERS_KEPT_MAX = 4;

    private final BlobIndex index;
    private final Diagnosis diagnosis;
    private final CheckProgress progress;
    private final BlobReader reader;
    private final BlobReader elsewhere;
    private final BufferPool buffers = new BufferPool(BUFFERS_KEPT_MAX);
    private final Set<BlobId> sound = new HashSet<>();
    private final Map<BlobId, Harm> harmed = new HashMap<>();
    private final List<String> wrongSizes = new ArrayList<>();
    private final Map<Cause, List<Fault.Loss>> losses = new LinkedHashMap<>();

    /// What makes files unreadable.
    ///
    /// @param pack empty for blobs that no index lists
    /// @param isUnindexed whether an unindexed pack holds them
    record Cause(Optional<BlobId> pack, boolean isUnindexed) {
        static Cause of(Diagnosis.Verdict verdict) {
            return new Cause(verdict.pack(), verdict.pack().isEmpty() && verdict.isMendable());
        }
    }

    /// What a directory and those below it lose, by cause and path.
    private static final class Harm {
        private final Map<Cause, Map<String, Fault.LostFile>> files = new LinkedHashMap<>();

        void add(Cause cause, Fault.LostFile file) {
            files.computeIfAbsent(cause, _ -> new TreeMap<>())
                    .merge(
                            file.path(),
                            file,
                            (a, b) -> new Fault.LostFile(
                                    a.path(),
                                    a.sizeBytes(),
                                    a.lostBytes() + b.lostBytes(),
                                    a.isMendable() && b.isMendable()));
        }

        void addBelow(String directory, Harm harm) {
            harm.files.forEach((cause, lost) -> lost.values().forEach(file -> add(cause, file.below(directory))));
        }
    }

    DamageWalk(Vault vault, BlobIndex index, Diagnosis diagnosis, CheckProgress progress) {
        this.index = index;
        this.diagnosis = diagnosis;
        this.progress = progress;
        reader = new BlobReader(vault, index);
        elsewhere = new BlobReader(vault, diagnosis.elsewhere());
    }

    void walk(Snapshot snapshot) {
        Harm harm = directory(BlobId.parse(snapshot.tree()));
        harm.files.forEach((cause, files) -> losses.computeIfAbsent(cause, _ -> new ArrayList<>())
                .add(new Fault.Loss(
                        snapshot,
                        files.values().stream()
                                .map(file -> file.path().isEmpty() ? file.below("/") : file)
                                .toList())));
    }

    Map<Cause, List<Fault.Loss>> losses() {
        return losses;
    }

    /// Files whose blobs are all there and hold more or less than their directory says.
    List<String> wrongSizes() {
        return wrongSizes;
    }

    private Harm directory(BlobId tree) {
        Harm known = harmed.get(tree);
        if (known != null || sound.contains(tree)) {
            return known == null ? new Harm() : known;
        }
        progress.pause();
        Harm harm = new Harm();
        for (TreeFile.Node node : nodes(tree, harm)) {
            if (node.isDirectory()) {
                harm.addBelow(node.name() + "/", directory(node.subtree()));
            } else if (node.isFile()) {
                file(node, harm);
            }
        }
        if (harm.files.isEmpty()) {
            sound.add(tree);
        } else {
            harmed.put(tree, harm);
        }
        return harm;
    }

    /// The directory's nodes; none if it cannot be read, which is harm to itself.
    private List<TreeFile.Node> nodes(BlobId tree, Harm harm) {
        Optional<Diagnosis.Verdict> verdict = diagnosis.verdict(tree, BlobType.TREE);
        if (verdict.isEmpty()) {
            try {
                return reader.tree(tree, buffers);
            } catch (ProblemException e) {
                if (!Damage.is(e)) {
                    throw e;
                }
                diagnosis.suspect(tree, BlobType.TREE);
                verdict = diagnosis.verdict(tree, BlobType.TREE);
                if (verdict.isEmpty()) {
                    throw e;
                }
            }
        }
        boolean isMendable = verdict.get().isMendable();
        harm.add(Cause.of(verdict.get()), new Fault.LostFile("", 0, 0, isMendable));
        if (!isMendable) {
            return List.of();
        }
        try {
            return elsewhere.tree(tree, buffers);
        } catch (ProblemException e) {
            if (Damage.is(e)) {
                return List.of();
            }
            throw e;
        }
    }

    private void file(TreeFile.Node node, Harm harm) {
        long known = 0;
        boolean isWhole = true;
        boolean isKnown = true;
        for (int chunk = 0; chunk < node.chunkCount(); chunk++) {
            BlobId id = node.chunk(chunk);
            Optional<Diagnosis.Verdict> verdict = diagnosis.verdict(id, BlobType.DATA);
            long length = length(id);
            known += length;
            isKnown &= length > 0;
            if (verdict.isPresent()) {
                isWhole = false;
                harm.add(
                        Cause.of(verdict.get()),
                        new Fault.LostFile(
                                node.name(), node.size(), length, verdict.get().isMendable()));
            }
        }
        if (!isKnown && known < node.size()) {
            Cause nowhere = new Cause(Optional.empty(), false);
            harm.add(nowhere, new Fault.LostFile(node.name(), node.size(), node.size() - known, false));
        } else if (isWhole && known != node.size()) {
            wrongSizes.add("the file '" + node.name() + "' has blobs of " + known + " bytes, its directory says "
                    + node.size());
        }
    }

    /// Of the blob's content; 0 if nobody knows.
    private long length(BlobId id) {
        return diagnosis
                .elsewhere(id, BlobType.DATA)
                .or(() -> Optional.ofNullable(index.find(id, BlobType.DATA)))
                .map(found -> (long) found.blob().contentLength())
                .orElse(0L);
    }

    @Override
    public void close() {
        reader.close();
        elsewhere.close();
    }
}
