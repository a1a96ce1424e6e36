package io.pgcharter.platform.repository;

import static org.assertj.core.api.Assertions.assertThat;

import io.pgcharter.model.secret.Secret;
import io.pgcharter.platform.storage.FileStorage;
import io.pgcharter.platform.storage.PassingStorage;
import io.pgcharter.platform.storage.Storage;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.LongConsumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Which files' locks are extended, and when; and what a prune does with locked ones.
class ObjectLockTest {
    private static final Secret PASSWORD = new Secret("correct horse battery");

    @TempDir
    private Path directory;

    /// A directory that notes what it is asked to keep locked, and whether a snapshot showed by then. What is in
    /// `locked`
    /// is not removed.
    private static final class Noting extends PassingStorage {
        private final List<Collection<String>> asked = new ArrayList<>();
        private final Set<String> locked = new HashSet<>();
        private int snapshotsThen;

        Noting(Path directory) {
            super(new FileStorage(directory));
        }

        @Override
        public boolean isLocking() {
            return true;
        }

        @Override
        public boolean isLocked(String key) {
            return locked.contains(key);
        }

        @Override
        public void extendLocks(Collection<String> keys, Instant from, LongConsumer progress) {
            assertThat(keys).allMatch(this::exists);
            asked.add(new TreeSet<>(keys));
            snapshotsThen = list("snapshots/").size();
            progress.accept(keys.size());
        }

        @Override
        public void delete(String key) {
            assertThat(locked).doesNotContain(key);
            super.delete(key);
        }
    }

    private static List<String> keys(Storage storage, String prefix) {
        return storage.list(prefix).stream().map(Storage.Entry::key).toList();
    }

    @Test
    void a_backup_extends_what_it_shares_before_it_shows() {
        Noting storage = new Noting(directory);
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
        Noting storage = new Noting(directory);
        try (Repository repository = Repository.init(storage, PASSWORD)) {
            Content.write(repository, Map.of("gone", Content.random(1, 3_000_000)));
            List<String> gone = keys(storage, "data/");
            Snapshot kept = Content.write(repository, Map.of("deep/er/kept", Content.random(2, 3_000_000)));
            List<String> needed = new ArrayList<>(keys(storage, "data/"));
            needed.removeAll(gone);
            List<Long> progress = new ArrayList<>();

            repository.extendLocks(List.of(kept), progress::add);

            assertThat(storage.asked.getLast())
                    .containsAll(needed)
                    .contains("config", "snapshots/" + kept.id())
                    .doesNotContainAnyElementsOf(gone);
            assertThat(progress).isNotEmpty();
        }
    }

    @Test
    void a_prune_waits_for_locked_packs_and_not_for_the_indexes_that_name_them() {
        Noting storage = new Noting(directory);
        try (Repository repository = Repository.init(storage, PASSWORD)) {
            Snapshot gone = Content.write(repository, Map.of("gone", Content.random(1, 3_000_000)));
            List<String> packs = keys(storage, "data/");
            Content.write(repository, Map.of("kept", Content.random(2, 3_000_000)));
            repository.forget(gone.id());
            storage.locked.addAll(packs.subList(0, 1));
            repository.prune(Duration.ZERO, _ -> {}, () -> {});

            PruneResult waiting = repository.prune(Duration.ZERO, _ -> {}, () -> {});
            assertThat(waiting.waiting()).contains("Object Lock keeps 1 pack for now");
            assertThat(keys(storage, "data/")).contains(packs.getFirst());
            assertThat(repository.check(true, _ -> {}).errors()).isEmpty();

            storage.locked.clear();
            assertThat(repository.prune(Duration.ZERO, _ -> {}, () -> {}).freedPackCount())
                    .isEqualTo(1);
            assertThat(keys(storage, "data/")).doesNotContain(packs.getFirst());
            assertThat(repository.check(true, _ -> {}).errors()).isEmpty();
        }
    }
}
