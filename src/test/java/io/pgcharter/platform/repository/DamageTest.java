package io.pgcharter.platform.repository;

import static org.assertj.core.api.Assertions.assertThat;

import io.pgcharter.model.problem.ProblemCode;
import io.pgcharter.model.problem.ProblemException;
import io.pgcharter.model.secret.Secret;
import io.pgcharter.platform.storage.FileStorage;
import io.pgcharter.platform.storage.Storage;
import io.pgcharter.platform.storage.StorageContract;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Instant;
import java.util.Arrays;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Plants damage in each kind of file: a check names it, and reading gives the right bytes or none.
class DamageTest {
    private static final Secret PASSWORD = new Secret("correct horse");
    private static final Keyring KEYS = new Keyring();
    private static final Map<String, byte[]> FILES = Map.of(
            "data/rows", Content.rows(1, 2_000_000),
            "data/noise", Content.random(2, 17_000_000),
            "manifest.json", Content.rows(3, 2_000));

    @TempDir
    private static Path directory;

    private static Storage storage = new FileStorage(Path.of("unused"));
    private static Optional<Snapshot> written = Optional.empty();

    @BeforeAll
    static void write() {
        storage = new FileStorage(directory);
        try (Repository repository = Repository.init(directory, PASSWORD)) {
            written = Optional.of(Content.write(repository, FILES));
        }
    }

    private static Snapshot snapshot() {
        return written.orElseThrow();
    }

    private static Repository open() {
        return Repository.open(new FileStorage(directory), PASSWORD, KEYS);
    }

    /// Alters the object for the time of `test`.
    private static void with(String key, byte[] content, Runnable test) {
        byte[] before = storage.get(key);
        try {
            storage.put(key, ByteBuffer.wrap(content));
            test.run();
        } finally {
            storage.put(key, ByteBuffer.wrap(before));
        }
    }

    private static void without(String key, Runnable test) {
        byte[] before = storage.get(key);
        try {
            storage.delete(key);
            test.run();
        } finally {
            storage.put(key, ByteBuffer.wrap(before));
        }
    }

    private static byte[] flipped(String key, int position) {
        byte[] bytes = storage.get(key);
        bytes[position] ^= (byte) (1 << position % 8);
        return bytes;
    }

    private static String name(String key) {
        return key.substring(key.lastIndexOf('/') + 1);
    }

    private static String only(String directory) {
        return storage.list(directory).getFirst().key();
    }

    /// The largest pack holds data, the smallest the directories.
    private static String pack(boolean isData) {
        var packs = storage.list(Vault.DATA).stream()
                .sorted(java.util.Comparator.comparingLong(Storage.Entry::sizeBytes))
                .toList();
        assertThat(packs).hasSizeGreaterThan(2);
        return (isData ? packs.getLast() : packs.getFirst()).key();
    }

    private static void assertNamed(String named, boolean readData) {
        try (Repository repository = open()) {
            assertThat(repository.check(readData, _ -> {}).errors())
                    .as(named)
                    .isNotEmpty()
                    .anySatisfy(error -> assertThat(error).contains(named));
        }
    }

    /// @return the first problem that reading met
    private static Optional<ProblemException> readsRightOrRefuses() {
        Optional<ProblemException> first = Optional.empty();
        try (Repository repository = open();
                SnapshotReader reader = repository.read(snapshot())) {
            for (Map.Entry<String, byte[]> file : FILES.entrySet()) {
                Optional<ProblemException> problem = readsRightOrRefuses(reader, file.getKey(), file.getValue());
                first = first.or(() -> problem);
            }
        } catch (ProblemException e) {
            first = Optional.of(e);
        }
        first.ifPresent(problem -> assertThat(problem.problem().code()).isEqualTo(ProblemCode.REPOSITORY_DAMAGED));
        return first;
    }

    private static Optional<ProblemException> readsRightOrRefuses(SnapshotReader reader, String path, byte[] expected) {
        int position = 0;
        try (InputStream stream = reader.open(path)) {
            byte[] piece = new byte[100_000];
            for (int count = stream.read(piece); count >= 0; count = stream.read(piece)) {
                assertThat(Arrays.equals(piece, 0, count, expected, position, position + count))
                        .as(path + " at " + position)
                        .isTrue();
                position += count;
            }
            assertThat(position).isEqualTo(expected.length);
            return Optional.empty();
        } catch (ProblemException e) {
            return Optional.of(e);
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }

    @Test
    void an_undamaged_repository_has_no_errors() {
        try (Repository repository = open()) {
            assertThat(repository.check(true, _ -> {}).errors()).isEmpty();
        }
        assertThat(readsRightOrRefuses()).isEmpty();
    }

    @Test
    void a_flipped_byte_of_the_config_or_of_the_only_key_keeps_the_repository_shut_and_is_named() {
        for (String key : new String[] {Vault.CONFIG, only(Vault.KEYS)}) {
            with(
                    key,
                    flipped(key, 20),
                    () -> assertThat(org.assertj.core.api.Assertions.catchThrowableOfType(
                                    ProblemException.class, DamageTest::open))
                            .isNotNull()
                            .satisfies(e -> {
                                assertThat(e.problem().code()).isEqualTo(ProblemCode.REPOSITORY_DAMAGED);
                                assertThat(e.problem().fact()).contains(key);
                            }));
        }
    }

    @Test
    void a_flipped_byte_of_one_of_two_keys_is_found_by_the_check() {
        MasterKey master = KeyFile.open(storage, PASSWORD, new Keyring()).key();
        String second = Vault.KEYS + KeyFile.save(storage, master, new Secret("another"), Instant.EPOCH);
        try {
            with(second, flipped(second, 20), () -> assertNamed(second, false));
        } finally {
            storage.delete(second);
        }
    }

    @Test
    void a_flipped_byte_of_an_index_or_a_snapshot_is_named_wherever_it_is() {
        for (String key : new String[] {only(Vault.INDEX), only(Vault.SNAPSHOTS)}) {
            int size = storage.get(key).length;
            for (int position : new int[] {0, 17, size / 2, size - 1}) {
                with(key, flipped(key, position), () -> {
                    assertNamed(key, false);
                    try (Repository repository = open()) {
                        StorageContract.refuses(ProblemCode.REPOSITORY_DAMAGED, () -> {
                            Snapshot found = repository.snapshots().getFirst();
                            repository.read(found).close();
                        });
                    }
                });
            }
        }
    }

    @Test
    void a_flipped_byte_of_a_pack_is_named_by_a_check_that_reads_data_wherever_it_is() {
        for (boolean isData : new boolean[] {true, false}) {
            String key = pack(isData);
            int size = storage.get(key).length;
            Random random = new Random(size);
            // The list of blobs is at the end.
            int[] positions = {0, random.nextInt(100), size - 50, size - 2};
            for (int position : positions) {
                with(key, flipped(key, position), () -> {
                    assertNamed(name(key), true);
                    // A damaged header hinders a new index only.
                    assertThat(readsRightOrRefuses().isPresent())
                            .isEqualTo(position != size - 50 && position != size - 2);
                });
            }
        }
    }

    @Test
    void a_missing_or_shortened_pack_is_named_without_reading_data() {
        for (boolean isData : new boolean[] {true, false}) {
            String key = pack(isData);
            byte[] whole = storage.get(key);
            without(key, () -> {
                assertNamed("the pack '" + name(key) + "' is missing", false);
                assertThat(readsRightOrRefuses()).isPresent();
            });
            with(key, Arrays.copyOf(whole, whole.length / 2), () -> {
                assertNamed(
                        "the pack '" + name(key) + "' has " + whole.length / 2 + " bytes instead of " + whole.length,
                        true);
                assertThat(readsRightOrRefuses()).isPresent();
            });
        }
    }

    @Test
    void a_missing_index_shows_as_packs_that_no_index_lists() {
        without(only(Vault.INDEX), () -> {
            assertNamed("packs that backups need are listed by no index", false);
            assertThat(readsRightOrRefuses()).isPresent();
        });
    }

    @Test
    void two_packs_swapped_are_both_named() {
        String data = pack(true);
        String trees = pack(false);
        byte[] dataBytes = storage.get(data);
        byte[] treeBytes = storage.get(trees);
        with(
                data,
                treeBytes,
                () -> with(trees, dataBytes, () -> {
                    assertNamed(name(data), false);
                    assertNamed(name(trees), false);
                    assertThat(readsRightOrRefuses()).isPresent();
                }));
    }

    @Test
    void a_flipped_byte_anywhere_never_gives_a_wrong_byte() {
        Random random = new Random(new SecureRandom().nextLong());
        for (int round = 0; round < 6; round++) {
            var packs = storage.list(Vault.DATA);
            Storage.Entry pack = packs.get(random.nextInt(packs.size()));
            int position = random.nextInt((int) pack.sizeBytes());
            with(pack.key(), flipped(pack.key(), position), DamageTest::readsRightOrRefuses);
        }
    }
}
