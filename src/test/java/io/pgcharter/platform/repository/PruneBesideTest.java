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
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/// A backup that relies on a pack which nobody else needs any more, and a prune that finds this pack: at every storage
/// call of either, the other one gets its turn.
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class PruneBesideTest {
    private static final Secret PASSWORD = new Secret("correct horse");
    private static final byte[] SHARED = Content.random(1, 30_000);
    private static final Map<String, byte[]> OTHER = Map.of("other", Content.random(2, 30_000));

    private final Keyring keys = new Keyring();
    private final MemoryStorage prepared = new MemoryStorage();
    private Instant now = Instant.parse("2026-03-04T12:00:00Z");

    /// What `shared` holds is in a pack that no snapshot needs.
    @BeforeAll
    void prepare() {
        try (Repository repository = Repository.init(prepared, PASSWORD, () -> now)) {
            Snapshot gone = Content.write(repository, Map.of("shared", SHARED));
            Content.write(repository, OTHER);
            repository.forget(gone.id());
        }
    }

    private Repository open(Storage storage) {
        return Repository.open(storage, PASSWORD, keys, () -> now);
    }

    private static void prune(Repository repository) {
        repository.prune(Duration.ZERO, _ -> {}, () -> {});
    }

    private static void commit(SnapshotWriter writer) {
        writer.commit(Content.TIME, "host", List.of("/shop"), List.of());
    }

    /// Gives its lock up, too.
    private static void end(SnapshotWriter writer) {
        commit(writer);
        writer.close();
    }

    private void assertWhole(Storage storage, int snapshots, String when) {
        try (Repository repository = open(storage)) {
            assertThat(repository.check(true, _ -> {}).errors()).as(when).isEmpty();
            assertThat(repository.snapshots()).as(when).hasSize(snapshots);
        }
    }

    @Test
    void a_backup_that_ends_while_a_prune_runs_keeps_what_it_relies_on() {
        int[] calls = {0};
        boolean isReached = true;
        for (int call = 1; isReached; call++) {
            MemoryStorage storage = new MemoryStorage(prepared);
            int turn = call;
            boolean[] reached = {false};
            try (Repository writing = open(storage);
                    SnapshotWriter writer = writing.write()) {
                Content.write(writer, "shared", SHARED);
                try (Repository pruning = open(new WatchedStorage(storage, number -> {
                    calls[0] = number;
                    if (number == turn) {
                        reached[0] = true;
                        end(writer);
                    }
                }))) {
                    prune(pruning);
                }
                isReached = reached[0];
                if (!isReached) {
                    commit(writer);
                }
            }
            assertWhole(storage, 2, "at call " + call);
        }
        assertThat(calls[0]).isGreaterThan(15);
    }

    @Test
    void a_prune_while_a_backup_commits_removes_nothing_that_it_relies_on() {
        boolean isReached = true;
        for (int call = 1; isReached; call++) {
            MemoryStorage storage = new MemoryStorage(prepared);
            int turn = call;
            boolean[] reached = {false};
            try (Repository pruning = open(storage);
                    Repository writing = open(new WatchedStorage(storage, number -> {
                        if (number == turn) {
                            reached[0] = true;
                            prune(pruning);
                        }
                    }));
                    SnapshotWriter writer = writing.write()) {
                Content.write(writer, "shared", SHARED);
                commit(writer);
            }
            isReached = reached[0];
            assertWhole(storage, 2, "at call " + call);
        }
    }

    @Test
    void a_backup_that_slept_through_a_prune_is_refused_and_leaves_no_snapshot() {
        for (int call = 1; call <= 12; call++) {
            MemoryStorage storage = new MemoryStorage(prepared);
            int turn = call;
            int[] commits = {0};
            boolean[] slept = {false};
            Instant before = now;
            boolean[] isCommitting = {false};
            try (Repository pruning = open(storage);
                    Repository writing = open(new WatchedStorage(storage, _ -> {
                        if (isCommitting[0] && ++commits[0] == turn) {
                            // The machine sleeps; meanwhile its lock is taken for stale, and the pack goes.
                            slept[0] = true;
                            now = now.plus(Duration.ofMinutes(41));
                            prune(pruning);
                        }
                    }));
                    SnapshotWriter writer = writing.write()) {
                Content.write(writer, "shared", SHARED);
                isCommitting[0] = true;
                try {
                    commit(writer);
                    assertThat(slept[0]).as("slept at call " + call).isFalse();
                } catch (ProblemException e) {
                    assertThat(e.problem().code()).isEqualTo(ProblemCode.REPOSITORY_LOCKED);
                }
                isCommitting[0] = false;
            } finally {
                now = before;
            }
            assertWhole(storage, slept[0] ? 1 : 2, "slept at call " + call);
        }
    }
}
