package io.pgcharter.platform.repository;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.pgcharter.model.problem.ProblemCode;
import io.pgcharter.model.problem.ProblemException;
import io.pgcharter.model.secret.Secret;
import io.pgcharter.platform.storage.FileStorage;
import io.pgcharter.platform.storage.PassingStorage;
import io.pgcharter.platform.storage.Storage;
import io.pgcharter.platform.storage.StorageContract;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RepositoryTest {
    private static final Secret PASSWORD = new Secret("correct horse é 💶");

    @TempDir
    private Path directory;

    private final Keyring keys = new Keyring();

    private Repository init() {
        return Repository.init(directory, PASSWORD);
    }

    private Repository open() {
        return Repository.open(new FileStorage(directory), PASSWORD, keys);
    }

    private Storage storage() {
        return new FileStorage(directory);
    }

    private static ProblemException problem(Runnable work) {
        ProblemException problem = catchThrowableOfType(ProblemException.class, work::run);
        assertThat(problem).isNotNull();
        return problem;
    }

    private static void assertWhole(Repository repository) {
        assertThat(repository.check(true, _ -> {}).errors()).isEmpty();
    }

    @Test
    void a_wrong_password_is_said_to_be_one_and_is_not_repeated() {
        init().close();
        var problem = problem(() -> Repository.open(directory, new Secret("wrong horse")))
                .problem();
        assertThat(problem.code()).isEqualTo(ProblemCode.REPOSITORY_PASSWORD);
        assertThat(problem.fact()).contains("does not open", directory.toString());
        assertThat(problem.cause()).isEqualTo("1 key file(s) tried, none was made with this password");
        assertThat(problem.toString()).doesNotContain("wrong horse");
    }

    @Test
    void where_nothing_is_a_repository_is_missing_and_where_one_is_no_other_is_made() {
        var missing = problem(() -> open()).problem();
        assertThat(missing.code()).isEqualTo(ProblemCode.REPOSITORY_MISSING);
        assertThat(missing.remedy()).contains("pgcharter repository init");
        init().close();
        List<Storage.Entry> before = storage().list("");

        StorageContract.refuses(ProblemCode.REPOSITORY_EXISTS, () -> init());
        try (Repository repository = open()) {
            Content.write(repository, Map.of("a", Content.rows(1, 1_000)));
        }
        storage().delete(Vault.CONFIG);
        StorageContract.refuses(ProblemCode.REPOSITORY_EXISTS, () -> init());
        before.forEach(entry -> assertThat(
                        entry.key().equals(Vault.CONFIG) || storage().exists(entry.key()))
                .isTrue());
    }

    @Test
    void another_format_is_refused_with_the_way_to_bring_it_up() {
        try (Repository repository = init()) {
            for (int version : new int[] {1, 3}) {
                Repository.saveConfig(
                        repository.vault(),
                        Json.object().put("version", version).put("chunker_polynomial", "25b468838dcb75"));
                var problem = problem(() -> open()).problem();
                assertThat(problem.code()).isEqualTo(ProblemCode.REPOSITORY_FORMAT);
                assertThat(problem.fact()).contains("has the repository format " + version);
                assertThat(problem.remedy()).contains(version == 1 ? "migrate upgrade_repo_v2" : "newer pgcharter");
            }
        }
    }

    @Test
    void closing_without_commit_leaves_no_snapshot_and_no_lock() {
        try (Repository repository = init()) {
            try (SnapshotWriter writer = repository.write()) {
                Content.write(writer, "a", Content.random(1, 3_000_000));
                assertThat(repository.vault().names(Vault.LOCKS)).hasSize(1);
            }
            assertThat(repository.snapshots()).isEmpty();
            assertThat(repository.vault().names(Vault.LOCKS)).isEmpty();
            assertWhole(repository);
        }
    }

    @Test
    void the_same_content_is_stored_once_and_an_insertion_costs_the_chunks_around_it() {
        byte[] content = Content.random(1, 40_000_000);
        byte[] inserted = new byte[content.length + 5];
        System.arraycopy(content, 0, inserted, 0, 20_000_000);
        System.arraycopy(content, 20_000_000, inserted, 20_000_005, 20_000_000);
        try (Repository repository = init()) {
            assertThat(added(repository, content)).isBetween(40_000_000L, 40_200_000L);
            assertThat(added(repository, content)).isLessThan(10_000);
            assertThat(added(repository, inserted)).isBetween(500_000L, 20_000_000L);
            assertThat(repository.snapshots()).hasSize(3);
        }
    }

    private static long added(Repository repository, byte[] content) {
        try (SnapshotWriter writer = repository.write()) {
            Content.write(writer, "file", content);
            writer.commit(Content.TIME, "host", List.of("/file"), List.of());
            return writer.addedBytes();
        }
    }

    @Test
    void two_writers_at_once_both_end_up_whole() throws Exception {
        byte[] shared = Content.random(9, 4_000_000);
        init().close();
        CyclicBarrier together = new CyclicBarrier(2);
        List<Future<Snapshot>> writing = new ArrayList<>();
        List<Map<String, byte[]>> contents = List.of(
                Map.of("shared", shared, "own", Content.random(1, 3_000_000)),
                Map.of("shared", shared, "own", Content.random(2, 3_000_000)));
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            for (Map<String, byte[]> content : contents) {
                Callable<Snapshot> write = () -> {
                    try (Repository repository = open()) {
                        together.await();
                        return Content.write(repository, content);
                    }
                };
                writing.add(threads.submit(write));
            }
        }
        try (Repository repository = open()) {
            assertThat(repository.snapshots()).hasSize(2);
            for (int number = 0; number < 2; number++) {
                Content.assertHolds(repository, writing.get(number).get(), contents.get(number));
            }
            assertWhole(repository);
        }
    }

    @Test
    void a_reader_beside_a_writer_sees_whole_snapshots_only() throws Exception {
        Map<String, byte[]> content = Map.of("a", Content.random(1, 1_500_000), "b/c", Content.rows(1, 700_000));
        int seen = 0;
        try (Repository writing = init();
                Repository reading = open();
                ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            Callable<Void> write = () -> {
                for (int round = 0; round < 6; round++) {
                    try (SnapshotWriter writer = writing.write()) {
                        content.forEach((path, bytes) -> Content.write(writer, path, bytes));
                        Content.write(writer, "round", Content.random(round, 800_000));
                        writer.commit(Content.TIME, "host", List.of("/x"), List.of());
                    }
                }
                return null;
            };
            Future<Void> writer = threads.submit(write);
            while (!writer.isDone()) {
                for (Snapshot snapshot : reading.snapshots()) {
                    try (SnapshotReader reader = reading.read(snapshot)) {
                        assertThat(reader.files()).containsExactly("a", "b/c", "round");
                        assertThat(Content.read(reader, "a")).isEqualTo(content.get("a"));
                        seen++;
                    }
                }
            }
            writer.get();
            assertThat(reading.snapshots()).hasSize(6);
            assertWhole(reading);
        }
        assertThat(seen).isPositive();
    }

    @Test
    void a_write_that_fails_at_any_step_leaves_no_snapshot_and_the_next_one_works() {
        Map<String, byte[]> content = Map.of("a", Content.random(1, 2_000_000), "b/c", Content.rows(1, 700_000));
        try (Repository repository = init()) {
            int failures = 0;
            for (int puts = 0; repository.snapshots().isEmpty(); puts++) {
                try (Repository faulty =
                        Repository.open(new FillingStorage(storage(), puts), PASSWORD, keys, InstantSource.system())) {
                    Content.write(faulty, content);
                } catch (ProblemException e) {
                    assertThat(e.problem().code()).isEqualTo(ProblemCode.STORAGE_FULL);
                    assertThat(repository.snapshots()).isEmpty();
                    assertThat(repository.vault().names(Vault.LOCKS)).isEmpty();
                    failures++;
                }
            }
            // Lock, pack of data, pack of directories, index, snapshot.
            assertThat(failures).isEqualTo(5);
            Content.assertHolds(repository, repository.snapshots().getFirst(), content);
            assertWhole(repository);
        }
    }

    /// A storage with room for so many objects more.
    private static final class FillingStorage extends PassingStorage {
        private final AtomicInteger room;

        FillingStorage(Storage storage, int room) {
            super(storage);
            this.room = new AtomicInteger(room);
        }

        @Override
        public void put(String key, ByteBuffer content) {
            if (room.getAndDecrement() <= 0) {
                throw new ProblemException(ProblemCode.STORAGE_FULL, "no room", "planted", "none");
            }
            super.put(key, content);
        }
    }

    @Test
    void a_snapshot_is_found_by_eight_digits_and_forgotten_alone() {
        try (Repository repository = init()) {
            Snapshot first = Content.write(repository, Map.of("a", Content.rows(1, 100_000)));
            Snapshot second = Content.write(repository, Map.of("b", Content.rows(2, 100_000)));
            assertThat(repository.snapshot(first.id().substring(0, 8))).isEqualTo(first);
            for (String id : new String[] {first.id().substring(0, 7), "00000000", "", first.id() + "0"}) {
                StorageContract.refuses(ProblemCode.NOT_FOUND, () -> repository.snapshot(id));
                StorageContract.refuses(ProblemCode.NOT_FOUND, () -> repository.forget(id));
            }
            repository.forget(first.id());
            assertThat(repository.snapshots()).containsExactly(second);
            Content.assertHolds(repository, second, Map.of("b", Content.rows(2, 100_000)));
            assertWhole(repository);
        }
    }

    @Test
    void paths_that_cannot_stand_in_a_snapshot_are_refused() {
        try (Repository repository = init();
                SnapshotWriter writer = repository.write()) {
            for (String path : new String[] {"", "/a", "a/", "a//b", "../a", "a/./b", "a\0b"}) {
                assertThatThrownBy(() -> writer.file(path, 0600)).isInstanceOf(IllegalArgumentException.class);
            }
            Content.write(writer, "a/b", new byte[1]);
            for (String path : new String[] {"a/b", "a", "a/b/c"}) {
                assertThatThrownBy(() -> writer.file(path, 0600)).isInstanceOf(IllegalStateException.class);
            }
        }
    }
}
