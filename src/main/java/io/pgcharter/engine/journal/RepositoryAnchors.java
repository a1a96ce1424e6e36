package io.pgcharter.engine.journal;

import io.pgcharter.model.problem.Problem;
import io.pgcharter.model.problem.ProblemCode;
import io.pgcharter.model.problem.ProblemException;
import io.pgcharter.platform.inventory.AnchorTags;
import io.pgcharter.platform.repository.Repository;
import io.pgcharter.platform.repository.Snapshot;
import io.pgcharter.platform.repository.SnapshotWriter;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.function.LongFunction;
import java.util.function.Supplier;

/// Keeps anchors as small snapshots of a repository: `checkpoint.json`, and the entries since the anchor before as
/// `entries.jsonl`. Thread-safe.
public final class RepositoryAnchors implements Anchors {
    private static final String CHECKPOINT = "checkpoint.json";
    private static final int MODE = 0600;

    private final String name;
    private final Supplier<Repository> opener;

    /// @param name of the repository, for people
    public RepositoryAnchors(String name, Supplier<Repository> opener) {
        this.name = name;
        this.opener = opener;
    }

    @Override
    public void write(Checkpoint checkpoint, LongFunction<List<byte[]>> leavesFrom) {
        try (Repository repository = opener.get();
                SnapshotWriter writer = repository.write()) {
            long first = anchoredSize(repository) + 1;
            try (OutputStream out = writer.file(CHECKPOINT, MODE)) {
                out.write(checkpoint.toJson().getBytes(StandardCharsets.UTF_8));
            }
            try (OutputStream out = writer.file("entries.jsonl", MODE)) {
                for (byte[] leaf : leavesFrom.apply(first)) {
                    out.write(leaf);
                    out.write('\n');
                }
            }
            writer.commit(
                    checkpoint.time(),
                    checkpoint.origin(),
                    List.of("/pgcharter/journal"),
                    AnchorTags.of(first, checkpoint.size()));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /// How many entries, from the first, are kept here, by the tags alone.
    private static long anchoredSize(Repository repository) {
        return repository.snapshots().stream().mapToLong(AnchorTags::size).max().orElse(0);
    }

    @Override
    public List<Anchor> read() {
        List<Anchor> anchors = new ArrayList<>();
        try (Repository repository = opener.get()) {
            List<Snapshot> snapshots =
                    repository.snapshots().stream().filter(AnchorTags::isAnchor).toList();
            List<byte[]> checkpoints = repository.readEach(snapshots, CHECKPOINT);
            for (int number = 0; number < snapshots.size(); number++) {
                anchors.add(anchor(snapshots.get(number), checkpoints.get(number)));
            }
        }
        return anchors;
    }

    private Anchor anchor(Snapshot snapshot, byte[] checkpoint) {
        String place = "repository '" + name + "', snapshot " + snapshot.id().substring(0, 8);
        try {
            return new Anchor(Checkpoint.fromJson(new String(checkpoint, StandardCharsets.UTF_8)), place);
        } catch (IllegalArgumentException e) {
            throw new ProblemException(
                    new Problem(
                            ProblemCode.JOURNAL_BROKEN,
                            "the anchor in " + place + " is no checkpoint",
                            String.valueOf(e.getMessage()),
                            "run: pgcharter repository check --read-data " + name),
                    e);
        }
    }
}
