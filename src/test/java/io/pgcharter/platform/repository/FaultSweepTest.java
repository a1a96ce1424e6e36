package io.pgcharter.platform.repository;

import static org.assertj.core.api.Assertions.assertThat;

import io.pgcharter.model.problem.ProblemException;
import io.pgcharter.model.secret.Secret;
import io.pgcharter.platform.storage.BrokenStorage;
import io.pgcharter.platform.storage.BrokenStorage.Fault;
import io.pgcharter.platform.storage.MemoryStorage;
import io.pgcharter.platform.storage.Storage;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// One fault at every storage call of every command; then nothing is lost, and the same command, run again, does what
/// it would have done.
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class FaultSweepTest {
    private static final Secret PASSWORD = new Secret("correct horse");
    private static final Instant NOON = Instant.parse("2026-03-04T12:00:00Z");
    /// By then whatever lock a dead process left is stale.
    private static final InstantSource LATER = InstantSource.fixed(NOON.plus(Duration.ofMinutes(31)));

    private final MemoryStorage prepared = new MemoryStorage();
    private MemoryStorage three = new MemoryStorage();
    private @Nullable Snapshot third;
    private final Keyring keys = new Keyring();
    private final Map<String, Map<String, byte[]>> contents = new TreeMap<>();

    private Repository open(Storage storage, InstantSource clock) {
        return Repository.open(storage, PASSWORD, keys, clock);
    }

    private Map<String, byte[]> files(int seed) {
        return Map.of("shared", Content.random(1, 30_000), "own", Content.rows(seed, 40_000 + seed));
    }

    private Snapshot write(Repository repository, int seed) {
        Snapshot snapshot = Content.write(repository, files(seed));
        contents.put(snapshot.tree(), files(seed));
        return snapshot;
    }

    /// Three backups; then one is forgotten, so that one pack is partly needed, and one not at all.
    @BeforeAll
    void prepare() {
        try (Repository repository = Repository.init(prepared, PASSWORD, InstantSource.fixed(NOON))) {
            write(repository, 10);
            write(repository, 20);
            third = write(repository, 30);
            three = new MemoryStorage(prepared);
            repository.forget(third.id());
        }
    }

    /// Breaks the command at each call in turn until it needs no more calls; checks what is left, and runs it again.
    private void sweep(Fault fault, Consumer<Repository> command, Consumer<Repository> afterwards) {
        sweep(prepared, fault, command, afterwards);
    }

    private void sweep(
            MemoryStorage template, Fault fault, Consumer<Repository> command, Consumer<Repository> afterwards) {
        int count = 0;
        boolean isBroken = true;
        for (int call = 1; isBroken; call++) {
            MemoryStorage storage = new MemoryStorage(template);
            BrokenStorage broken = new BrokenStorage(storage, fault, call);
            run(broken, command);
            isBroken = broken.isBroken();
            count++;
            assertSound(storage, fault + " at call " + call);
            try (Repository repository = open(storage, LATER)) {
                command.accept(repository);
                assertThat(repository.vault().names(Vault.LOCKS))
                        .as("locks after %s at call %d", fault, call)
                        .isEmpty();
                afterwards.accept(repository);
            }
            assertSound(storage, "run again after " + fault + " at call " + call);
        }
        assertThat(count).as("calls").isGreaterThan(5);
    }

    private void run(Storage broken, Consumer<Repository> command) {
        try (Repository repository = open(broken, InstantSource.fixed(NOON))) {
            command.accept(repository);
        } catch (ProblemException _) {
            // Which problem it is, is not this test's question.
        }
    }

    private void assertSound(Storage storage, String when) {
        try (Repository repository = open(storage, LATER)) {
            assertThat(repository.check(true, _ -> {}).errors()).as(when).isEmpty();
            List<Snapshot> snapshots = repository.snapshots();
            assertThat(snapshots).as(when).hasSizeGreaterThanOrEqualTo(2);
            for (Snapshot snapshot : snapshots) {
                Map<String, byte[]> files = contents.get(snapshot.tree());
                assertThat(files).as(when).isNotNull();
                Content.assertHolds(repository, snapshot, files == null ? Map.of() : files);
            }
        }
    }

    @ParameterizedTest
    @EnumSource
    void a_backup(Fault fault) {
        sweep(
                fault,
                repository -> write(repository, 40),
                repository -> assertThat(repository.snapshots()).hasSizeBetween(3, 4));
    }

    @ParameterizedTest
    @EnumSource
    void forgetting(Fault fault) {
        sweep(
                three,
                fault,
                repository -> repository.snapshots().stream()
                        .filter(snapshot -> snapshot.equals(third))
                        .map(Snapshot::id)
                        .forEach(repository::forget),
                repository -> assertThat(repository.snapshots()).hasSize(2).doesNotContain(third));
    }

    @ParameterizedTest
    @EnumSource
    void pruning(Fault fault) {
        List<Integer> packs = new ArrayList<>();
        sweep(fault, repository -> repository.prune(Duration.ZERO, _ -> {}, () -> {}), repository -> {
            // What a dead run left in no index is found by the next one's sweep.
            packs.add(repository.vault().storage().list(Vault.DATA).size());
            assertThat(repository.vault().names(PackMarks.DIRECTORY)).isEmpty();
            assertNothingUnused(repository);
        });
        assertThat(packs).hasSizeGreaterThan(20);
    }

    @ParameterizedTest
    @EnumSource
    void pruning_with_a_grace_period(Fault fault) {
        sweep(
                fault,
                repository -> repository.prune(Duration.ofHours(1), _ -> {}, () -> {}),
                repository -> assertThat(repository.vault().names(PackMarks.DIRECTORY))
                        .hasSize(1));
    }

    @ParameterizedTest
    @EnumSource
    void checking(Fault fault) {
        sweep(fault, repository -> repository.check(true, _ -> {}), repository -> {});
    }

    @ParameterizedTest
    @EnumSource
    void reading(Fault fault) {
        sweep(
                fault,
                repository -> assertThat(repository.stats().snapshotCount()).isEqualTo(2),
                repository -> {});
    }

    @ParameterizedTest
    @EnumSource
    void making(Fault fault) {
        boolean isBroken = true;
        int calls = 0;
        for (int call = 1; isBroken; call++) {
            MemoryStorage storage = new MemoryStorage();
            BrokenStorage broken = new BrokenStorage(storage, fault, call);
            try {
                Repository.init(broken, PASSWORD, InstantSource.fixed(NOON)).close();
            } catch (ProblemException _) {
                // Which problem it is, is not this test's question.
            }
            isBroken = broken.isBroken();
            if (!storage.exists(Vault.CONFIG)) {
                Repository.init(storage, PASSWORD, LATER).close();
            }
            try (Repository repository = open(storage, LATER)) {
                write(repository, 10);
                assertThat(repository.vault().names(Vault.KEYS)).hasSize(1);
            }
            calls++;
        }
        assertThat(calls).isGreaterThan(5);
    }

    @Test
    void a_prune_that_nothing_disturbs_leaves_nothing_unused() {
        MemoryStorage storage = new MemoryStorage(prepared);
        try (Repository repository = open(storage, LATER)) {
            long before = repository.stats().storedBytes();
            PruneResult result = repository.prune(Duration.ZERO, _ -> {}, () -> {});

            assertThat(result.freedPackCount()).isPositive();
            assertThat(result.freedBytes()).isPositive();
            assertThat(result.markedPackCount()).isZero();
            assertThat(repository.stats().storedBytes()).isLessThan(before);
            assertNothingUnused(repository);
        }
        assertSound(storage, "after a prune");
    }

    private static void assertNothingUnused(Repository repository) {
        BlobIndex index = repository.index();
        UsedBlobs used = UsedBlobs.of(repository.vault(), index, repository.snapshots());
        assertThat(repository.vault().storage().list(Vault.DATA)).hasSize(index.packCount());
        for (int pack = 0; pack < index.packCount(); pack++) {
            assertThat(used.bytesIn(pack)).isPositive();
        }
    }
}
