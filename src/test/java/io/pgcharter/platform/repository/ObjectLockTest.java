package io.pgcharter.platform.repository;

import static org.assertj.core.api.Assertions.assertThat;

import io.pgcharter.model.problem.ProblemCode;
import io.pgcharter.model.problem.ProblemException;
import io.pgcharter.model.secret.Secret;
import io.pgcharter.platform.storage.FileStorage;
import io.pgcharter.platform.storage.PassingStorage;
import io.pgcharter.platform.storage.Storage;
import io.pgcharter.platform.storage.StorageContract;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;
import java.util.function.Consumer;
import java.util.function.LongConsumer;
import java.util.function.Predicate;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Which files' locks are extended, and when; and what a prune does with locked ones.
class ObjectLockTest {
    private static final Secret PASSWORD = new Secret("correct horse battery");

    @TempDir
    private Path directory;

    /// A directory that notes what it is asked to keep locked, and whether a snapshot showed by then. It refuses to
    /// remove what is locked.
    private static final class Locking extends PassingStorage {
        private final List<Collection<String>> asked = new ArrayList<>();
        private Predicate<String> locked = _ -> false;
        private Consumer<String> afterPut = _ -> {};
        private int snapshotsThen;

        Locking(Path directory) {
            super(new FileStorage(directory));
        }

        private void lockEverything() {
            locked = key -> !key.startsWith("locks/") && !key.startsWith("pgcharter/");
        }

        @Override
        public boolean isLocking() {
            return true;
        }

        @Override
        public boolean isLocked(String key) {
            return exists(key) && locked.test(key);
        }

        @Override
        public void extendLocks(Collection<String> keys, Instant from, LongConsumer progress) {
            assertThat(keys).allMatch(this::exists);
            asked.add(new TreeSet<>(keys));
            snapshotsThen = list("snapshots/").size();
            progress.accept(keys.size());
        }

        @Override
        public void put(String key, ByteBuffer content) {
            super.put(key, content);
            afterPut.accept(key);
        }

        @Override
        public void delete(String key) {
            if (isLocked(key)) {
                throw new ProblemException(ProblemCode.OBJECT_LOCKED, key, "planted", "none");
            }
            super.delete(key);
        }

        @Override
        public void hide(String key) {
            super.delete(key);
        }
    }

    private static List<String> keys(Storage storage, String prefix) {
        return storage.list(prefix).stream().map(Storage.Entry::key).toList();
    }

    @Test
    void a_backup_extends_what_it_shares_before_it_shows() {
        Locking storage = new Locking(directory);
        try (Repository repository = Repository.init(storage, PASSWORD)) {
            Map<String, byte[]> shared = Map.of("a/shared", Content.random(1, 3_000_000));
            Content.write(repository, shared);
            List<String> first = keys(storage, "data/");
            assertThat(storage.asked.getLast())
                    .as("a first backup shares nothing")
                    .doesNotContainAnyElementsOf(first);

            Content.write(repository, Map.of("a/shared", shared.get("a/shared"), "own", Content.random(2, 3_000_000)));

            assertThat(storage.snapshotsThen).isEqualTo(1);
            assertThat(storage.asked.getLast())
                    .contains("config")
                    .containsAll(keys(storage, "keys/"))
                    .containsAll(keys(storage, "index/"))
                    .containsAll(first)
                    .noneMatch(key -> key.startsWith("locks/"));
            List<String> own = new ArrayList<>(keys(storage, "data/"));
            own.removeAll(first);
            assertThat(own).isNotEmpty();
            assertThat(storage.asked.getLast()).doesNotContainAnyElementsOf(own);
        }
    }

    @Test
    void all_that_kept_snapshots_need_is_extended_and_nothing_else() {
        Locking storage = new Locking(directory);
        try (Repository repository = Repository.init(storage, PASSWORD)) {
            Content.write(repository, Map.of("gone", Content.random(1, 3_000_000)));
            List<String> gone = keys(storage, "data/");
            Snapshot kept = Content.write(repository, Map.of("deep/er/kept", Content.random(2, 3_000_000)));
            List<String> needed = new ArrayList<>(keys(storage, "data/"));
            needed.removeAll(gone);
            List<Long> progress = new ArrayList<>();

            repository.extendLocks(() -> List.of(kept), progress::add);

            assertThat(storage.asked.getLast())
                    .containsAll(needed)
                    .contains("config", "snapshots/" + kept.id())
                    .doesNotContainAnyElementsOf(gone);
            assertThat(progress).isNotEmpty();
        }
    }

    @Test
    void a_prune_waits_for_locked_packs_and_not_for_the_indexes_that_name_them() {
        Locking storage = new Locking(directory);
        try (Repository repository = Repository.init(storage, PASSWORD)) {
            Snapshot gone = Content.write(repository, Map.of("gone", Content.random(1, 3_000_000)));
            List<String> packs = keys(storage, "data/");
            Content.write(repository, Map.of("kept", Content.random(2, 3_000_000)));
            repository.forget(gone.id());
            storage.locked = key -> key.equals(packs.getFirst()) || key.startsWith("index/");
            repository.prune(Duration.ZERO, _ -> {}, () -> {});

            PruneResult waiting = repository.prune(Duration.ZERO, _ -> {}, () -> {});
            assertThat(waiting.waiting()).contains("Object Lock keeps 1 pack for now");
            assertThat(keys(storage, "data/")).contains(packs.getFirst());
            assertThat(repository.check(true, _ -> {}).errors()).isEmpty();

            storage.locked = key -> key.startsWith("index/");
            assertThat(repository.prune(Duration.ZERO, _ -> {}, () -> {}).freedPackCount())
                    .isEqualTo(1);
            assertThat(keys(storage, "data/")).doesNotContain(packs.getFirst());
            assertThat(repository.check(true, _ -> {}).errors()).isEmpty();
        }
    }

    @Test
    void a_snapshot_whose_writer_lost_its_lock_does_not_stay_though_it_is_locked() {
        Locking storage = new Locking(directory);
        Instant[] now = {Content.TIME};
        try (Repository repository = Repository.init(storage, PASSWORD, () -> now[0])) {
            storage.lockEverything();
            storage.afterPut = key -> {
                if (key.startsWith("snapshots/")) {
                    now[0] = now[0].plus(Duration.ofHours(1));
                }
            };
            StorageContract.refuses(
                    ProblemCode.REPOSITORY_LOCKED,
                    () -> Content.write(repository, Map.of("a", Content.random(1, 30_000))));

            assertThat(repository.snapshots()).isEmpty();
        }
    }

    @Test
    void a_repair_sets_damaged_files_aside_though_they_are_locked() {
        Locking storage = new Locking(directory);
        try (Repository repository = Repository.init(storage, PASSWORD)) {
            Content.write(repository, Map.of("a", Content.random(1, 30_000)));
            Snapshot second = Content.write(repository, Map.of("b", Content.random(2, 30_000)));
            List<String> damaged = List.of(keys(storage, "data/").getFirst(), "snapshots/" + second.id());
            for (String key : damaged) {
                byte[] bytes = storage.get(key);
                bytes[40] ^= 1;
                storage.hide(key);
                storage.put(key, ByteBuffer.wrap(bytes));
            }
            storage.lockEverything();

            RepairResult result = repository.repair(Optional.empty(), PackLedger.none(), CheckProgress.none());

            assertThat(result.setAside()).containsAll(damaged);
            assertThat(damaged).noneMatch(storage::exists).allMatch(key -> storage.exists(Attic.DIRECTORY + key));
        }
    }

    @Test
    void a_key_is_taken_out_of_use_though_it_is_locked() {
        Locking storage = new Locking(directory);
        Secret next = new Secret("another horse");
        Keyring keyring = new Keyring();
        storage.lockEverything();
        try (Repository repository = Repository.init(storage, PASSWORD);
                RepositoryKeys keys = repository.keys(PASSWORD, keyring)) {
            String removed = keys.add(new Secret("third"));
            keys.remove(removed);
            keys.rotate(next);
        }
        StorageContract.refuses(ProblemCode.REPOSITORY_PASSWORD, () -> Repository.open(storage, PASSWORD, keyring));
        Repository.open(storage, next, keyring).close();
        assertThat(keys(storage, "keys/")).hasSize(1);
    }

    @Test
    void an_init_that_died_behind_its_key_is_run_again() {
        Locking storage = new Locking(directory);
        storage.lockEverything();
        storage.put("keys/" + "ab".repeat(32), ByteBuffer.wrap(Content.random(1, 100)));

        Repository.init(storage, PASSWORD).close();

        assertThat(keys(storage, "keys/")).hasSize(1);
    }
}
