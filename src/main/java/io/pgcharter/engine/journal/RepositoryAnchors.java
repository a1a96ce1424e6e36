package io.pgcharter.engine.journal;

import io.pgcharter.model.problem.Problem;
import io.pgcharter.model.problem.ProblemCode;
import io.pgcharter.model.problem.ProblemException;
import io.pgcharter.platform.repository.Repository;
import io.pgcharter.platform.repository.Snapshot;
import io.pgcharter.platform.repository.SnapshotReader;
import io.pgcharter.platform.repository.SnapshotWriter;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.function.LongFunction;
import java.util.function.Supplier;
import java.util.regex.Pattern;

/// Keeps anchors as small snapshots of a repository: `checkpoint.json`, and the entries since the anchor before as
/// `entries.jsonl`. Thread-safe.
public final class RepositoryAnchors implements Anchors {
    private static final String TAG = "pgcharter-journal";
    private static final String FIRST = "first=";
    private static final String SIZE = "size=";
    private static final Pattern SIZE_TAG = Pattern.compile(SIZE + "[0-9]{1,18}");
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
                    List.of(TAG, FIRST + first, SIZE + checkpoint.size()));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /// How many entries, from the first, are kept here, by the tags alone.
    private static long anchoredSize(Repository repository) {
        return repository.snapshots().stream()
                .filter(snapshot -> snapshot.tags().contains(TAG))
                .flatMap(snapshot -> snapshot.tags().stream())
                .filter(tag -> SIZE_TAG.matcher(tag).matches())
                .mapToLong(tag -> Long.parseLong(tag.substring(SIZE.length())))
                .max()
                .orElse(0);
    }

    @Override
    public List<Anchor> read() {
        List<Anchor> anchors = new ArrayList<>();
        try (Repository repository = opener.get()) {
            for (Snapshot snapshot : repository.snapshots()) {
                if (snapshot.tags().contains(TAG)) {
                    anchors.add(read(repository, snapshot));
                }
            }
        }
        return anchors;
    }

    private Anchor read(Repository repository, Snapshot snapshot) {
        String place = "repository '" + name + "', snapshot " + snapshot.id().substring(0, 8);
        try (SnapshotReader reader = repository.read(snapshot);
                InputStream in = reader.open(CHECKPOINT)) {
            return new Anchor(Checkpoint.fromJson(new String(in.readAllBytes(), StandardCharsets.UTF_8)), place);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
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
