package io.pgcharter.platform.repository;

import static org.assertj.core.api.Assertions.assertThat;

import io.pgcharter.ChildJvm;
import io.pgcharter.model.secret.Secret;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class IndexCacheTest {
    private static final int BLOBS = 200 * ManyBlobs.PACK_BLOBS;

    @TempDir
    private Path directory;

    private Path caches;
    private Path own;
    private Path cache;

    @BeforeEach
    void make() {
        caches = directory.resolve("caches");
        try (Repository repository = Repository.init(place(), new Secret("many"))) {
            own = caches.resolve(repository.id());
            cache = own.resolve("index");
            ManyBlobs.add(repository, 0, BLOBS);
        }
    }

    private Path place() {
        return directory.resolve("repository");
    }

    private Repository open() {
        return ManyBlobs.open(place(), caches);
    }

    private static void assertHas(Repository repository, int count) {
        BlobIndex index = repository.index();
        assertThat(index.blobCount()).isEqualTo(count);
        List<Integer> wrong = new ArrayList<>();
        for (int number = 0; number < count; number++) {
            var expected = new BlobIndex.Place(ManyBlobs.packOf(number), ManyBlobs.blob(number));
            if (!expected.equals(index.find(ManyBlobs.id(number), BlobType.DATA))) {
                wrong.add(number);
            }
        }
        assertThat(wrong).isEmpty();
        assertThat(index.contains(ManyBlobs.id(count), BlobType.DATA)).isFalse();
    }

    private void assertRead(int count) {
        try (Repository repository = open()) {
            assertHas(repository, count);
        }
    }

    /// What the cache holds, asked without the repository's index files.
    private int cached() {
        try (Repository repository = open()) {
            return cached(repository);
        }
    }

    private int cached(Repository repository) {
        List<String> names = repository.vault().names(Vault.INDEX);
        return new IndexCache(
                        Optional.of(own), repository.id(), repository.vault().key())
                .read(names)
                .index()
                .blobs()
                .count();
    }

    @Test
    void an_index_is_kept_is_its_owners_alone_and_serves_without_the_index_files() throws IOException {
        assertRead(BLOBS);
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(cache)))
                .isEqualTo("rw-------");
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(own)))
                .isEqualTo("rwx------");
        assertThat(cached()).isEqualTo(BLOBS);
        assertThat(list(own)).containsExactly(cache);
        // Emptied index files would be damage if one were read.
        for (Path file : list(place().resolve("index"))) {
            Files.write(file, new byte[0]);
        }
        assertRead(BLOBS);
    }

    @Test
    void what_came_since_is_added_and_kept_once_it_is_much() {
        assertRead(BLOBS);
        try (Repository repository = open()) {
            ManyBlobs.add(repository, BLOBS, BLOBS + 459);
            assertHas(repository, BLOBS + 459);
            assertThat(cached()).isEqualTo(BLOBS);
            ManyBlobs.add(repository, BLOBS + 459, BLOBS + 5_000);
            assertHas(repository, BLOBS + 5_000);
            assertThat(cached()).isEqualTo(BLOBS + 5_000);
            assertHas(repository, BLOBS + 5_000);
        }
        assertRead(BLOBS + 5_000);
    }

    @Test
    void a_cache_with_an_index_file_that_is_gone_is_not_used() throws IOException {
        assertRead(BLOBS);
        Path old = list(place().resolve("index")).getFirst();
        try (Repository repository = open()) {
            ManyBlobs.add(repository, 0, 150 * ManyBlobs.PACK_BLOBS);
        }
        Files.delete(old);
        assertRead(150 * ManyBlobs.PACK_BLOBS);
        assertThat(cached()).isEqualTo(150 * ManyBlobs.PACK_BLOBS);
    }

    @Test
    void every_changed_byte_and_every_lost_end_is_noticed_and_the_cache_made_again() throws IOException {
        assertRead(BLOBS);
        byte[] whole = Files.readAllBytes(cache);
        try (Repository repository = open()) {
            for (int step = 0; step < 60; step++) {
                byte[] changed = whole.clone();
                // The last steps lie in names and seal.
                int at = step < 40 ? whole.length / 40 * step : whole.length - 1 - (step - 40) * 11;
                changed[at] ^= (byte) (1 << (step % 8));
                Files.write(cache, changed);
                assertThat(cached(repository)).as("a bit changed at " + at).isZero();
            }
            for (int length : new int[] {0, 1, 100, 4096, whole.length / 2, whole.length - 1}) {
                Files.write(cache, Arrays.copyOf(whole, length));
                assertThat(cached(repository)).as("cut to " + length).isZero();
            }
            Files.write(cache, whole);
            assertThat(cached(repository)).isEqualTo(BLOBS);
            Files.delete(cache);
        }
        assertRead(BLOBS);
        assertThat(cached()).isEqualTo(BLOBS);
    }

    /// Who writes where we keep caches, and has a repository of his own, could say of blobs that they are there.
    @Test
    void a_cache_made_with_another_key_or_for_another_repository_is_refused() throws IOException {
        Path foreignPlace = directory.resolve("foreign");
        Path foreignCache;
        try (Repository foreign = Repository.init(foreignPlace, new Secret("many"))) {
            ManyBlobs.add(foreign, 0, 2 * BLOBS);
            foreignCache = caches.resolve(foreign.id()).resolve("index");
        }
        try (Repository foreign = ManyBlobs.open(foreignPlace, caches)) {
            assertHas(foreign, 2 * BLOBS);
        }
        assertRead(BLOBS);
        Files.copy(foreignCache, cache, StandardCopyOption.REPLACE_EXISTING);
        assertThat(cached()).isZero();
        assertRead(BLOBS);

        // The right key and the wrong name: as if one password opened both.
        try (Repository repository = open()) {
            IndexCache other = new IndexCache(
                    Optional.of(own), "ab".repeat(32), repository.vault().key());
            assertThat(other.read(repository.vault().names(Vault.INDEX)).files())
                    .isEmpty();
        }
    }

    @Test
    void a_cache_may_go_or_be_replaced_while_it_is_used() throws IOException {
        assertRead(BLOBS);
        try (Repository first = open();
                Repository second = open()) {
            assertHas(first, BLOBS);
            assertHas(second, BLOBS);
            Files.delete(cache);
            Files.delete(own);
            assertHas(first, BLOBS);
            ManyBlobs.add(second, BLOBS, BLOBS + 10_000);
            assertHas(second, BLOBS + 10_000);
            assertHas(first, BLOBS + 10_000);
        }
        assertThat(cached()).isEqualTo(BLOBS + 10_000);
    }

    @Test
    void a_place_that_cannot_be_written_costs_the_cache_and_nothing_else() throws IOException {
        Files.write(caches, new byte[0]);
        assertRead(BLOBS);
        assertThat(Files.size(caches)).isZero();
    }

    @Test
    void a_small_repository_leaves_no_cache() throws IOException {
        Path small = directory.resolve("small");
        try (Repository repository = Repository.init(small, new Secret("many"))) {
            ManyBlobs.add(repository, 0, 1_000);
        }
        try (Repository repository = ManyBlobs.open(small, caches)) {
            assertHas(repository, 1_000);
        }
        assertThat(caches).doesNotExist();
    }

    @Test
    void a_check_reads_the_index_files_themselves() throws IOException {
        assertRead(BLOBS);
        Path file = list(place().resolve("index")).getFirst();
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
            channel.write(ByteBuffer.allocate(1), 1_000);
        }
        try (Repository repository = open()) {
            assertThat(repository.check(false, _ -> {}).errors())
                    .anyMatch(error -> error.contains("index/" + file.getFileName() + "' is damaged"));
        }
    }

    private static List<Path> list(Path directory) throws IOException {
        try (Stream<Path> files = Files.list(directory)) {
            return files.toList();
        }
    }

    /// 300,000 blobs, and as many noted beside, were 33 MB of heap once.
    @Test
    void heap_does_not_grow_with_the_blobs_and_disk_by_60_bytes_each() throws IOException {
        measure(300_000);
    }

    @Test
    @Tag("soak")
    void ten_million_blobs_fit_into_the_launchers_memory() throws IOException {
        measure(10_000_000);
    }

    private void measure(int count) throws IOException {
        try (Repository repository = open()) {
            ManyBlobs.add(repository, BLOBS, count);
        }
        for (String state : List.of("cold", "warm")) {
            try (ChildJvm child = ChildJvm.start(
                    ManyBlobs.Opening.class,
                    Map.of(),
                    place().toString(),
                    caches.toString(),
                    Integer.toString(count),
                    "claim")) {
                assertThat(child.exitCode()).as(child.lines().toString()).isZero();
                System.getLogger("measured").log(System.Logger.Level.INFO, state + " " + child.lines());
                assertThat(child.says("blobs")).isEqualTo(Integer.toString(count));
                assertThat(child.says("found")).isEqualTo(Integer.toString((count + 2) / 3));
                assertThat(Long.parseLong(child.says("heap"))).isLessThan(16_000_000);
                for (String point : List.of("memory", "memory-then")) {
                    String peak = child.says(point).replaceAll(".*VmHWM: (\\d+) kB.*", "$1");
                    assertThat(Long.parseLong(peak)).as(point).isLessThan(512 * 1024);
                }
            }
        }
        assertThat(Files.size(cache)).isLessThan(60L * count);
    }
}
