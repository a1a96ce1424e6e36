package io.pgcharter.platform.repository;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.pgcharter.model.problem.ProblemCode;
import io.pgcharter.model.problem.ProblemException;
import io.pgcharter.model.secret.Secret;
import io.pgcharter.platform.storage.BrokenStorage;
import io.pgcharter.platform.storage.BrokenStorage.Fault;
import io.pgcharter.platform.storage.FileStorage;
import io.pgcharter.platform.storage.Storage;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Copies between two repositories with different keys.
class SnapshotCopierTest {
    private static final Secret PASSWORD = new Secret("correct horse");
    private static final Secret OTHER_PASSWORD = new Secret("battery staple");
    private static final Map<String, byte[]> SMALL =
            Map.of("data/rows", Content.rows(1, 40_000), "manifest.json", Content.rows(3, 2_000));

    @TempDir
    private Path directory;

    private final Keyring keys = new Keyring();

    private Storage near() {
        return new FileStorage(directory.resolve("near"));
    }

    private Storage far() {
        return new FileStorage(directory.resolve("far"));
    }

    private Repository openNear(Storage storage) {
        return Repository.open(storage, PASSWORD, keys);
    }

    private Repository openFar(Storage storage) {
        return Repository.open(storage, OTHER_PASSWORD, keys);
    }

    private void initBoth() {
        Repository.init(near(), PASSWORD).close();
        Repository.init(far(), OTHER_PASSWORD).close();
    }

    private static Snapshot write(Repository repository, Map<String, byte[]> files, String tag) {
        try (SnapshotWriter writer = repository.write()) {
            files.forEach((path, bytes) -> Content.write(writer, path, bytes));
            return writer.commit(Content.TIME.plusSeconds(tag.length()), "host", List.of("/payments"), List.of(tag));
        }
    }

    private static SnapshotCopier.Result copy(Repository from, Repository to, List<Snapshot> snapshots) {
        try (SnapshotCopier copier = to.copyFrom(from)) {
            return copier.copy(snapshots, _ -> {}, () -> {});
        }
    }

    private static void assertHolds(Repository repository, Snapshot snapshot, Map<String, byte[]> files) {
        try (SnapshotReader reader = repository.read(snapshot)) {
            assertThat(reader.files()).containsExactlyElementsOf(new TreeMap<>(files).keySet());
            files.forEach((path, bytes) ->
                    assertThat(Content.read(reader, path)).as(path).isEqualTo(bytes));
        }
    }

    private static void assertWhole(Repository repository) {
        assertThat(repository.check(true, _ -> {}).errors()).isEmpty();
    }

    private static ProblemException problem(Runnable work) {
        ProblemException problem = catchThrowableOfType(ProblemException.class, work::run);
        assertThat(problem).isNotNull();
        return problem;
    }

    /// Alters one byte in the middle of each pack.
    private static void spoilPacks(Storage storage) {
        for (Storage.Entry entry : storage.list(Vault.DATA)) {
            byte[] bytes = storage.get(entry.key());
            bytes[bytes.length / 2] ^= 1;
            storage.put(entry.key(), ByteBuffer.wrap(bytes));
        }
    }

    @Test
    void a_copy_holds_the_same_files_and_says_what_it_is_a_copy_of() {
        Map<String, byte[]> files = Content.files(7);
        initBoth();
        try (Repository from = openNear(near());
                Repository to = openFar(far())) {
            Snapshot original = write(from, files, "first");

            SnapshotCopier.Result result = copy(from, to, List.of(original));

            assertThat(result.damage()).isEmpty();
            Snapshot copied = to.snapshots().getFirst();
            assertThat(result.snapshots()).containsExactly(copied);
            assertThat(copied.original()).contains(original.id());
            assertThat(copied.isAlike(original)).isTrue();
            assertHolds(to, copied, files);
            assertWhole(to);
            long contentBytes =
                    files.values().stream().mapToLong(bytes -> bytes.length).sum();
            // Equal blobs are there once, and directories are blobs too.
            assertThat(result.verifiedBytes()).isBetween(contentBytes / 2, contentBytes + 100_000);
            assertThat(result.blobCount()).isEqualTo(from.stats().blobCount());
        }
    }

    @Test
    void what_is_compressed_stays_as_it_is_and_what_is_not_too() {
        initBoth();
        try (Repository from = openNear(near());
                Repository to = openFar(far())) {
            Snapshot original = write(from, Content.files(7), "first");
            copy(from, to, List.of(original));

            BlobIndex before = from.index();
            BlobIndex after = to.index();
            boolean someAreCompressed = false;
            boolean someAreNot = false;
            for (int entry = 0; entry < before.blobCount(); entry++) {
                PackedBlob blob = before.entry(entry);
                PackedBlob copied = after.entry(after.entryNumber(blob.id(), blob.type()));
                assertThat(copied.at(0)).isEqualTo(blob.at(0));
                someAreCompressed |= blob.plainLength() > 0;
                someAreNot |= blob.plainLength() == 0;
            }
            assertThat(someAreCompressed && someAreNot).isTrue();
        }
    }

    @Test
    void nothing_is_copied_twice_in_either_direction() {
        initBoth();
        try (Repository from = openNear(near());
                Repository to = openFar(far())) {
            Snapshot original = write(from, SMALL, "first");
            Snapshot copied = copy(from, to, List.of(original)).snapshots().getFirst();
            List<Storage.Entry> stored = far().list("");

            try (SnapshotCopier again = to.copyFrom(from)) {
                assertThat(again.find(original)).contains(copied);
            }
            try (SnapshotCopier back = from.copyFrom(to)) {
                assertThat(back.find(copied)).contains(original);
            }
            // A third place, reached by either way, sees one and the same.
            Repository.init(directory.resolve("third"), PASSWORD).close();
            try (Repository third = openNear(new FileStorage(directory.resolve("third")))) {
                copy(to, third, List.of(copied));
                try (SnapshotCopier other = third.copyFrom(from)) {
                    assertThat(other.find(original).orElseThrow().original()).contains(original.id());
                }
            }
            assertThat(far().list("")).isEqualTo(stored);
        }
    }

    @Test
    void a_second_snapshot_brings_only_what_is_new() {
        initBoth();
        Map<String, byte[]> grown = new TreeMap<>(SMALL);
        grown.put("data/more", Content.random(9, 1_000));
        try (Repository from = openNear(near());
                Repository to = openFar(far())) {
            Snapshot first = write(from, SMALL, "first");
            Snapshot second = write(from, grown, "second");
            try (SnapshotCopier copier = to.copyFrom(from)) {
                assertThat(copier.copy(List.of(first), _ -> {}, () -> {}).blobCount())
                        .isEqualTo(4);
                // The file and its two directories.
                assertThat(copier.copy(List.of(second), _ -> {}, () -> {}).blobCount())
                        .isEqualTo(3);
            }
            assertHolds(to, to.snapshots().getLast(), grown);
            assertWhole(to);
        }
    }

    @Test
    void damage_costs_the_snapshot_it_is_in_and_no_other() {
        initBoth();
        Map<String, byte[]> other = Map.of("data/other", Content.random(5, 60_000));
        try (Repository from = openNear(near());
                Repository to = openFar(far())) {
            Snapshot spoiled = write(from, SMALL, "spoiled");
            spoilPacks(near());
            Snapshot sound = write(from, other, "sound");

            try (SnapshotCopier copier = to.copyFrom(from)) {
                SnapshotCopier.Result refused = copier.copy(List.of(spoiled), _ -> {}, () -> {});
                SnapshotCopier.Result done = copier.copy(List.of(sound), _ -> {}, () -> {});

                assertThat(refused.damage().orElseThrow().code()).isEqualTo(ProblemCode.REPOSITORY_DAMAGED);
                assertThat(refused.snapshots()).isEmpty();
                assertThat(done.damage()).isEmpty();
            }
            assertThat(to.snapshots()).hasSize(1);
            assertHolds(to, to.snapshots().getFirst(), other);
            assertWhole(to);
        }
    }

    @Test
    void a_missing_pack_and_a_missing_index_are_damage_too() {
        initBoth();
        try (Repository from = openNear(near())) {
            write(from, SMALL, "first");
        }
        for (String kind : List.of(Vault.DATA, Vault.INDEX)) {
            Map<String, byte[]> removed = new TreeMap<>();
            for (Storage.Entry entry : near().list(kind)) {
                removed.put(entry.key(), near().get(entry.key()));
                near().delete(entry.key());
            }
            try (Repository from = openNear(near());
                    Repository to = openFar(far())) {
                SnapshotCopier.Result result = copy(from, to, from.snapshots());
                assertThat(result.damage().orElseThrow().fact()).contains("is missing");
                assertThat(to.snapshots()).isEmpty();
            }
            removed.forEach((key, bytes) -> near().put(key, ByteBuffer.wrap(bytes)));
        }
        try (Repository from = openNear(near());
                Repository to = openFar(far())) {
            assertThat(copy(from, to, from.snapshots()).damage()).isEmpty();
            assertWhole(to);
        }
    }

    @Test
    void a_target_that_lost_what_the_copy_builds_on_gets_no_snapshot() {
        initBoth();
        Map<String, byte[]> grown = new TreeMap<>(SMALL);
        grown.put("data/more", Content.random(9, 1_000));
        try (Repository from = openNear(near());
                Repository to = openFar(far())) {
            copy(from, to, List.of(write(from, SMALL, "first")));
            far().list(Vault.DATA).forEach(pack -> far().delete(pack.key()));

            Snapshot second = write(from, grown, "second");
            var problem = problem(() -> copy(from, to, List.of(second))).problem();

            assertThat(problem.code()).isEqualTo(ProblemCode.REPOSITORY_DAMAGED);
            assertThat(problem.fact()).contains(far().location(), "has lost content");
            assertThat(to.snapshots()).hasSize(1);
        }
    }

    @Test
    void a_target_that_keeps_something_else_than_it_was_given_gets_no_snapshot() {
        initBoth();
        try (Repository from = openNear(near());
                Repository to = openFar(new SpoilingStorage(far()))) {
            Snapshot snapshot = write(from, SMALL, "first");

            var problem = problem(() -> copy(from, to, List.of(snapshot))).problem();

            assertThat(problem.code()).isEqualTo(ProblemCode.REPOSITORY_DAMAGED);
            assertThat(problem.fact()).contains("does not give back what was just written", far().location());
            assertThat(to.snapshots()).isEmpty();
        }
    }

    @Test
    void a_stop_by_a_callback_leaves_nothing_visible_and_is_told_as_it_is() {
        initBoth();
        ProblemException stop = new ProblemException(ProblemCode.CANCELLED, "cancelled", "a person asked", "again");
        try (Repository from = openNear(near());
                Repository to = openFar(far())) {
            Snapshot snapshot = write(from, SMALL, "first");
            try (SnapshotCopier copier = to.copyFrom(from)) {
                assertThat(problem(() -> copier.copy(
                                        List.of(snapshot),
                                        bytes -> {
                                            if (bytes > 0) {
                                                throw stop;
                                            }
                                        },
                                        () -> {}))
                                .problem())
                        .isEqualTo(stop.problem());
            }
            try (SnapshotCopier copier = to.copyFrom(from)) {
                assertThat(problem(() -> copier.copy(List.of(snapshot), _ -> {}, () -> {
                            throw stop;
                        })))
                        .isSameAs(stop);
            }
            assertThat(to.snapshots()).isEmpty();
            assertThat(near().list(Vault.LOCKS)).isEmpty();
            assertThat(far().list(Vault.LOCKS)).isEmpty();
            copy(from, to, List.of(snapshot));
            assertHolds(to, to.snapshots().getFirst(), SMALL);
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void killed_at_any_call_of_either_place_it_converges_when_run_again(boolean isNear) {
        initBoth();
        try (Repository from = openNear(near())) {
            write(from, SMALL, "first");
            write(from, Map.of("data/other", Content.random(5, 60_000)), "second");
        }
        int call = 0;
        BrokenStorage dying;
        do {
            call++;
            Storage place = fresh("far-" + call);
            // Odd calls die before they do anything, even ones after.
            dying = new BrokenStorage(
                    isNear ? near() : place, call % 2 == 0 ? Fault.DIES_AFTERWARDS : Fault.DIES, call);
            copyAll(isNear ? dying : near(), isNear ? place : dying);
            // Of a dead process: this one lives.
            near().list(Vault.LOCKS).forEach(lock -> near().delete(lock.key()));

            try (Repository from = openNear(near());
                    Repository to = openFar(place)) {
                for (Snapshot visible : to.snapshots()) {
                    try (SnapshotReader reader = to.read(visible)) {
                        reader.files().forEach(file -> Content.read(reader, file));
                    }
                }
                assertThat(copyAll(near(), place)).isEmpty();
                assertThat(to.snapshots())
                        .extracting(Snapshot::identity)
                        .containsExactlyInAnyOrderElementsOf(
                                from.snapshots().stream().map(Snapshot::id).toList());
                assertWhole(to);
            }
        } while (dying.isBroken());
        assertThat(call).isGreaterThan(12);
    }

    /// A place with an empty repository, without the wait for a new key.
    private Storage fresh(String name) {
        Storage place = new FileStorage(directory.resolve(name));
        far().list("").forEach(file -> place.put(file.key(), ByteBuffer.wrap(far().get(file.key()))));
        return place;
    }

    /// Copies what is missing, as the verb does.
    ///
    /// @return what stopped it
    private Optional<ProblemException> copyAll(Storage source, Storage target) {
        try (Repository from = openNear(source);
                Repository to = openFar(target);
                SnapshotCopier copier = to.copyFrom(from)) {
            for (Snapshot snapshot : from.snapshots()) {
                if (copier.find(snapshot).isEmpty()) {
                    copier.copy(List.of(snapshot), _ -> {}, () -> {});
                }
            }
            return Optional.empty();
        } catch (ProblemException e) {
            return Optional.of(e);
        }
    }
}
