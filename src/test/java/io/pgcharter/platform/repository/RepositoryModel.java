package io.pgcharter.platform.repository;

import static org.assertj.core.api.Assertions.assertThat;

import io.pgcharter.model.problem.ProblemCode;
import io.pgcharter.model.problem.ProblemException;
import io.pgcharter.model.secret.Secret;
import io.pgcharter.platform.storage.MemoryStorage;
import io.pgcharter.platform.storage.Storage;
import io.pgcharter.platform.storage.WatchedStorage;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.IntConsumer;
import org.jspecify.annotations.Nullable;

/// A model of what repositories must do, checked against a real one: several nodes write, read, forget, prune, copy and
/// check as a seed decides, at any storage call of one of them another does something, or it dies, or its clock stands
/// still; and after every step each snapshot there is must read as what was written.
final class RepositoryModel {
    private static final Secret PASSWORD = new Secret("correct horse");
    private static final int NODES = 3;
    private static final int ACTIONS = 17;
    private static final int COMMIT = 3;
    private static final int CONTENTS = 30;
    private static final Instant BEGIN = Instant.parse("2026-03-04T05:06:07Z");
    private static final Duration ASLEEP = Duration.ofMinutes(41);
    /// What may happen to whoever works beside others.
    private static final Set<ProblemCode> EXPECTED = Set.of(ProblemCode.REPOSITORY_LOCKED, ProblemCode.NOT_FOUND);

    private final Random random;
    private final Keyring keys;
    private final BufferPool buffers = new BufferPool(2);
    private final Storage storage;
    /// Where copies go, and come back from; another master key.
    private final Storage far;
    private final Map<String, Map<String, BlobId>> written = new HashMap<>();
    /// What was to be committed: where the process died meanwhile it is there as a whole, or not.
    private final List<Map<String, BlobId>> pending = new ArrayList<>();

    private final List<Node> nodes = new ArrayList<>();
    private final List<String> trace = Collections.synchronizedList(new ArrayList<>());
    private Instant now = BEGIN;
    private int depth;
    private int steps;

    /// A process that is killed.
    private static final class Killed extends RuntimeException {
        private static final long serialVersionUID = 1L;
    }

    /// One process, with at most one snapshot being written and one being read.
    private final class Node {
        private final Map<String, BlobId> files = new TreeMap<>();
        private @Nullable SnapshotWriter writer;
        private @Nullable SnapshotReader reader;
        private Instant openedAt = Instant.MAX;
        private Map<String, BlobId> expected = Map.of();
        private IntConsumer before = _ -> {};
        private int calls;
        private boolean isDead;
        // Last: opening makes calls already.
        private final Repository repository = open(new WatchedStorage(storage, _ -> watch()));
        private final Repository distant = open(new WatchedStorage(far, _ -> watch()));

        private synchronized void watch() {
            if (isDead) {
                throw new Killed();
            }
            calls++;
            before.accept(calls);
        }

        /// Something happens right before the `call`th storage call from now on, once.
        private void interrupt(int call, Runnable event) {
            calls = 0;
            before = number -> {
                if (number == call) {
                    before = _ -> {};
                    event.run();
                }
            };
        }

        /// Ends its threads, dead or alive. The dead leave their locks behind.
        private void leave() {
            before = _ -> {};
            if (writer != null) {
                quietly(writer::close);
            }
            if (reader != null) {
                quietly(reader::close);
            }
            quietly(repository::close);
            quietly(distant::close);
        }

        private void quietly(Runnable closing) {
            try {
                closing.run();
            } catch (Killed | ProblemException e) {
                trace.add("while leaving: " + e);
            }
        }
    }

    /// An empty repository to begin with: making one takes longer than all the steps of a seed.
    static MemoryStorage template() {
        MemoryStorage storage = new MemoryStorage();
        Repository.init(storage, PASSWORD, InstantSource.fixed(BEGIN)).close();
        return storage;
    }

    RepositoryModel(MemoryStorage near, MemoryStorage far, Keyring keys, long seed) {
        random = new Random(seed);
        storage = new MemoryStorage(near);
        this.far = new MemoryStorage(far);
        this.keys = keys;
        for (int node = 0; node < NODES; node++) {
            nodes.add(new Node());
        }
    }

    /// @return what was done, for whoever has to understand a failure
    List<String> trace() {
        return trace;
    }

    int steps() {
        return steps;
    }

    void run(int count) {
        for (int step = 0; step < count; step++) {
            step();
            assertSound();
        }
        settle();
    }

    private void step() {
        steps++;
        int number = random.nextInt(nodes.size());
        Node node = nodes.get(number);
        if (depth == 0 && random.nextInt(3) == 0) {
            int call = 1 + random.nextInt(40);
            boolean kills = random.nextInt(3) == 0;
            node.interrupt(call, () -> {
                if (kills) {
                    trace.add(number + " dies at call " + call);
                    node.isDead = true;
                    throw new Killed();
                }
                trace.add("at call " + call + " of " + number + ":");
                depth++;
                int other = (number + 1 + random.nextInt(NODES - 1)) % NODES;
                attempt(other, nodes.get(other), random.nextBoolean() ? COMMIT : random.nextInt(ACTIONS));
                depth--;
            });
        }
        attempt(number, node, random.nextInt(ACTIONS));
        node.before = _ -> {};
        if (node.isDead) {
            node.leave();
            nodes.set(number, new Node());
        }
    }

    private void attempt(int number, Node node, int action) {
        try {
            act(number, node, action);
        } catch (Killed | IllegalStateException e) {
            // A worker of the writer may have been the one that was killed.
            assertThat(node.isDead).as(e.toString()).isTrue();
        } catch (ProblemException e) {
            assertThat(EXPECTED).as(e.toString()).contains(e.problem().code());
            trace.add(number + " was told: " + e.problem().fact());
        }
    }

    private void act(int number, Node node, int action) {
        switch (action) {
            case 0, 1, 2 -> write(number, node);
            case COMMIT, 4 -> commit(number, node);
            case 5, 6 -> forget(number, either(node));
            case 7, 8, 9 -> prune(number, either(node));
            case 10 -> open(number, node);
            case 11 -> read(number, node);
            case 12 -> {
                trace.add(number + " checks");
                assertThat(either(node).check(random.nextBoolean(), _ -> {}).errors())
                        .isEmpty();
            }
            case 13, 14 -> copy(number, node);
            default -> {
                Duration time = random.nextInt(4) == 0 ? ASLEEP : Duration.ofMinutes(random.nextInt(20));
                trace.add("it is " + time + " later");
                now = now.plus(time);
            }
        }
    }

    private void write(int number, Node node) {
        if (node.writer == null) {
            trace.add(number + " begins a snapshot");
            node.files.clear();
            node.writer = node.repository.write();
        }
        for (int file = random.nextInt(3); file >= 0; file--) {
            String path = "file" + node.files.size();
            int content = random.nextInt(CONTENTS);
            trace.add(number + " writes content " + content);
            byte[] bytes = Content.random(content, 2_000 + content * 500);
            Content.write(node.writer, path, bytes);
            node.files.put(path, digest(bytes, bytes.length));
        }
    }

    private void commit(int number, Node node) {
        SnapshotWriter writer = node.writer;
        if (writer == null) {
            return;
        }
        node.writer = null;
        try (writer) {
            if (random.nextInt(8) == 0) {
                trace.add(number + " gives up");
                return;
            }
            trace.add(number + " commits");
            Map<String, BlobId> files = new TreeMap<>(node.files);
            pending.add(files);
            Snapshot snapshot = writer.commit(now, "host", List.of("/" + number), List.of("files=" + files.size()));
            written.put(snapshot.tree(), files);
        }
    }

    private Repository either(Node node) {
        return random.nextInt(3) == 0 ? node.distant : node.repository;
    }

    private void copy(int number, Node node) {
        boolean isReturn = random.nextInt(4) == 0;
        Repository from = isReturn ? node.distant : node.repository;
        Repository to = isReturn ? node.repository : node.distant;
        List<Snapshot> snapshots = from.snapshots();
        if (snapshots.isEmpty()) {
            return;
        }
        Snapshot snapshot = snapshots.get(random.nextInt(snapshots.size()));
        trace.add(number + " copies " + snapshot.id().substring(0, 8) + (isReturn ? " back" : ""));
        try (SnapshotCopier copier = to.copyFrom(from)) {
            if (copier.find(snapshot).isEmpty()) {
                SnapshotCopier.Result result = copier.copy(List.of(snapshot), _ -> {}, () -> {});
                // Somebody who sleeps may lose what it reads, and is told so.
                assertThat(result.damage().isEmpty()
                                || from.snapshots().stream().noneMatch(snapshot::equals))
                        .isTrue();
            }
        }
    }

    private void forget(int number, Repository repository) {
        List<Snapshot> snapshots = repository.snapshots();
        if (snapshots.size() > 2) {
            String id = snapshots.get(random.nextInt(snapshots.size())).id();
            trace.add(number + " forgets " + id.substring(0, 8));
            repository.forget(id);
        }
    }

    private void prune(int number, Repository repository) {
        Duration grace = random.nextBoolean() ? Duration.ZERO : Duration.ofMinutes(30);
        trace.add(number + " prunes, grace " + grace);
        PruneResult result = repository.prune(grace, _ -> {}, () -> {});
        trace.add(number + " freed " + result.freedPackCount() + " packs, marked " + result.markedPackCount());
    }

    private void open(int number, Node node) {
        List<Snapshot> snapshots = node.repository.snapshots();
        if (node.reader == null && !snapshots.isEmpty()) {
            Snapshot snapshot = snapshots.get(random.nextInt(snapshots.size()));
            trace.add(number + " begins to read " + snapshot.id().substring(0, 8));
            node.expected = contentOf(storage, snapshot);
            node.openedAt = now;
            node.reader = node.repository.read(snapshot);
        }
    }

    private void read(int number, Node node) {
        SnapshotReader reader = node.reader;
        if (reader == null) {
            return;
        }
        trace.add(number + " reads");
        // One who slept so long that its lock was stale may miss blobs, and is told so.
        boolean mayMiss = node.openedAt.plus(RepositoryLock.STALE).isBefore(now);
        node.reader = null;
        try (reader) {
            node.expected.forEach((path, digest) -> {
                try {
                    byte[] bytes = Content.read(reader, path);
                    assertThat(digest(bytes, bytes.length)).isEqualTo(digest);
                } catch (ProblemException e) {
                    assertThat(mayMiss && Damage.is(e)).as(e.toString()).isTrue();
                }
            });
        }
    }

    private static BlobId digest(byte[] bytes, int length) {
        return BlobId.digest(BlobId.sha256(), bytes, 0, length);
    }

    /// Which of the files that were ever written the snapshot must hold.
    private Map<String, BlobId> contentOf(Storage place, Snapshot snapshot) {
        Map<String, BlobId> files = written.get(snapshot.tree());
        if (files != null) {
            return files;
        }
        // Committed by a process that did not live to tell: it must be what one of those wrote.
        try (Repository fresh = open(place);
                BlobReader reader = new BlobReader(fresh.vault(), fresh.index())) {
            Map<String, BlobId> found = content(reader, snapshot);
            return pending.stream()
                    .filter(found::equals)
                    .findAny()
                    .orElseThrow(() -> new AssertionError("nobody wrote snapshot " + snapshot.id()));
        }
    }

    /// Reads without a lock, as the dead leave theirs behind.
    private Map<String, BlobId> content(BlobReader reader, Snapshot snapshot) {
        Map<String, BlobId> files = new TreeMap<>();
        for (TreeFile.Node node : reader.tree(BlobId.parse(snapshot.tree()), buffers)) {
            BlobReader.Content content = reader.read(node.chunk(0), BlobType.DATA, buffers);
            files.put(node.name(), digest(content.bytes(), content.length()));
            buffers.give(content.bytes());
        }
        return files;
    }

    private Repository open(Storage place) {
        return Repository.open(place, PASSWORD, keys, () -> now);
    }

    private void assertSound() {
        assertSound(storage);
        assertSound(far);
    }

    private void assertSound(Storage place) {
        try (Repository fresh = open(place);
                BlobReader reader = new BlobReader(fresh.vault(), fresh.index())) {
            for (Snapshot snapshot : fresh.snapshots()) {
                assertThat(content(reader, snapshot)).isEqualTo(contentOf(place, snapshot));
            }
        }
    }

    /// Everybody goes home; then two prunes leave nothing that is not needed.
    private void settle() {
        nodes.forEach(Node::leave);
        now = now.plus(Duration.ofHours(2));
        settle(storage);
        settle(far);
    }

    private void settle(Storage place) {
        try (Repository fresh = open(place)) {
            fresh.prune(Duration.ZERO, _ -> {}, () -> {});
            assertSound();
            fresh.prune(Duration.ZERO, _ -> {}, () -> {});
            assertSound();
            assertThat(fresh.check(true, _ -> {}).errors()).isEmpty();
            BlobIndex index = fresh.index();
            UsedBlobs used = UsedBlobs.of(fresh.vault(), index, fresh.snapshots());
            assertThat(place.list(Vault.DATA)).hasSize(index.packCount());
            for (int pack = 0; pack < index.packCount(); pack++) {
                assertThat(used.bytesIn(pack)).isPositive();
            }
            assertThat(place.list("pgcharter/")).isEmpty();
            assertThat(place.list(Vault.LOCKS)).isEmpty();
        }
    }
}
