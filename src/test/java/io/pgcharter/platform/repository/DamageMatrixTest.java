package io.pgcharter.platform.repository;

import static io.pgcharter.platform.repository.Hospital.bytes;
import static io.pgcharter.platform.repository.Hospital.check;
import static io.pgcharter.platform.repository.Hospital.flip;
import static io.pgcharter.platform.repository.Hospital.keys;
import static io.pgcharter.platform.repository.Hospital.packs;
import static io.pgcharter.platform.repository.Hospital.put;
import static io.pgcharter.platform.repository.Hospital.repair;
import static org.assertj.core.api.Assertions.assertThat;

import io.pgcharter.model.secret.Secret;
import io.pgcharter.platform.storage.MemoryStorage;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// One row for each fault: a check names it, once and alone, with what it costs; a repair keeps all that can be read; a
/// repair from another repository brings everything back.
class DamageMatrixTest {
    private static final Hospital HOSPITAL = new Hospital(16_500_000);

    /// What a fault costs.
    enum Cost {
        /// No snapshot needs what is wrong.
        NOTHING,
        /// Files cannot be read until the repair.
        UNTIL_REPAIR,
        /// Files are lost, unless another repository has them.
        FILES
    }

    record Row(String name, Consumer<MemoryStorage> planting, Fault.Kind kind, String fact, Cost cost) {
        @Override
        public String toString() {
            return name;
        }
    }

    private static String name(String key) {
        return key.substring(key.lastIndexOf('/') + 1);
    }

    private static Row pack(String name, Consumer<MemoryStorage> planting, String fact, Cost cost) {
        return new Row(name, planting, Fault.Kind.PACK, fact, cost);
    }

    private static String large(MemoryStorage storage) {
        return packs(storage).getLast();
    }

    /// The pack of the first snapshot's directories, which the second one shares in part.
    private static String small(MemoryStorage storage) {
        return packs(storage).getFirst();
    }

    static Stream<Row> faults() {
        return Stream.of(
                pack("flip in a blob", s -> flip(s, large(s), 5_000), "1 of its ", Cost.FILES),
                pack("flip in a directory", s -> flip(s, small(s), 50), "cannot be read", Cost.FILES),
                pack(
                        "flip in the header",
                        s -> flip(s, large(s), -20),
                        "its list of blobs cannot be read, the blobs can",
                        Cost.NOTHING),
                pack(
                        "flip in the header's length",
                        s -> flip(s, large(s), -3),
                        "its list of blobs cannot be read, the blobs can",
                        Cost.NOTHING),
                pack(
                        "half a pack",
                        s -> put(s, large(s), Arrays.copyOf(bytes(s, large(s)), 8_000_000)),
                        "bytes instead of",
                        Cost.FILES),
                pack(
                        "one byte short",
                        s -> put(s, large(s), Arrays.copyOf(bytes(s, large(s)), bytes(s, large(s)).length - 1)),
                        "bytes instead of",
                        Cost.NOTHING),
                pack("zeros", s -> put(s, large(s), new byte[bytes(s, large(s)).length]), "bytes are zero", Cost.FILES),
                pack("empty", s -> put(s, large(s), new byte[0]), "has 0 bytes instead of", Cost.FILES),
                pack("empty directories", s -> put(s, small(s), new byte[0]), "has 0 bytes instead of", Cost.FILES),
                pack("missing", s -> s.objects().remove(large(s)), "is missing", Cost.FILES),
                pack("missing directories", s -> s.objects().remove(small(s)), "is missing", Cost.FILES));
    }

    static Stream<Row> otherFaults() {
        return Stream.of(
                new Row(
                        "no index",
                        s -> keys(s, Vault.INDEX).forEach(s.objects()::remove),
                        Fault.Kind.UNINDEXED,
                        "listed by no index",
                        Cost.UNTIL_REPAIR),
                new Row(
                        "one index of two is missing",
                        s -> s.objects().remove(keys(s, Vault.INDEX).getFirst()),
                        Fault.Kind.UNINDEXED,
                        "listed by no index",
                        Cost.UNTIL_REPAIR),
                new Row(
                        "flip in an index",
                        s -> flip(s, keys(s, Vault.INDEX).getFirst(), 77),
                        Fault.Kind.INDEX,
                        "its SHA-256 is not its name",
                        Cost.UNTIL_REPAIR),
                new Row(
                        "half an index",
                        s -> put(
                                s,
                                keys(s, Vault.INDEX).getLast(),
                                Arrays.copyOf(bytes(s, keys(s, Vault.INDEX).getLast()), 100)),
                        Fault.Kind.INDEX,
                        "its SHA-256 is not its name",
                        Cost.UNTIL_REPAIR),
                new Row(
                        "index of another repository",
                        s -> foreign(s, Vault.INDEX),
                        Fault.Kind.INDEX,
                        "sealed with the key of another repository",
                        Cost.NOTHING),
                new Row(
                        "index with a pack that never was",
                        DamageMatrixTest::listGhost,
                        Fault.Kind.PACK,
                        "is missing",
                        Cost.NOTHING),
                new Row(
                        "index with wrong places",
                        DamageMatrixTest::listWrongly,
                        Fault.Kind.INDEX,
                        "is whole, but an index lists it wrongly",
                        Cost.UNTIL_REPAIR),
                new Row(
                        "snapshot of another repository",
                        s -> foreign(s, Vault.SNAPSHOTS),
                        Fault.Kind.SNAPSHOT,
                        "sealed with the key of another repository",
                        Cost.NOTHING),
                new Row(
                        "second key damaged",
                        DamageMatrixTest::damageSecondKey,
                        Fault.Kind.KEY,
                        "its SHA-256 is not its name",
                        Cost.NOTHING));
    }

    private static void foreign(MemoryStorage storage, String directory) {
        String key = keys(HOSPITAL.other, directory).getFirst();
        put(storage, key, bytes(HOSPITAL.other, key));
    }

    private static void listGhost(MemoryStorage storage) {
        try (Repository repository = Hospital.open(storage)) {
            BlobId nothing = new BlobId(1, 2, 3, 4);
            repository
                    .vault()
                    .save(
                            Vault.INDEX,
                            IndexFile.write(List.of(new IndexFile.PackContent(
                                    nothing, List.of(new PackedBlob(nothing, BlobType.DATA, 0, 100, 0))))));
        }
    }

    /// Writes an index anew in which two blobs of a pack have each other's place.
    private static void listWrongly(MemoryStorage storage) {
        try (Repository repository = Hospital.open(storage)) {
            String large = name(large(storage));
            for (String name : repository.vault().names(Vault.INDEX)) {
                List<IndexFile.PackContent> packs = new ArrayList<>();
                for (IndexFile.PackContent pack :
                        IndexFile.readIfSound(repository.vault(), name).orElseThrow()) {
                    packs.add(pack.pack().toString().equals(large) ? swapped(pack) : pack);
                }
                storage.objects().remove(Vault.INDEX + name);
                repository.vault().save(Vault.INDEX, IndexFile.write(packs));
            }
        }
    }

    private static IndexFile.PackContent swapped(IndexFile.PackContent pack) {
        List<PackedBlob> blobs = new ArrayList<>(pack.blobs());
        PackedBlob a = blobs.get(0);
        PackedBlob b = blobs.get(1);
        blobs.set(0, new PackedBlob(a.id(), a.type(), b.offset(), b.length(), b.plainLength()));
        blobs.set(1, new PackedBlob(b.id(), b.type(), a.offset(), a.length(), a.plainLength()));
        return new IndexFile.PackContent(pack.pack(), blobs);
    }

    private static void damageSecondKey(MemoryStorage storage) {
        MasterKey master =
                KeyFile.open(storage, Hospital.PASSWORD, new Keyring()).key();
        String second = KeyFile.save(storage, master, new Secret("another"), Instant.EPOCH);
        flip(storage, Vault.KEYS + second, 20);
    }

    private static List<Fault> damage(CheckResult result) {
        return result.faults().stream()
                .filter(fault -> fault.kind() != Fault.Kind.LEFTOVER)
                .toList();
    }

    @ParameterizedTest
    @MethodSource({"faults", "otherFaults"})
    void each_fault_is_found_alone_and_repaired_as_far_as_it_can_be(Row planted) {
        MemoryStorage patient = HOSPITAL.patient();
        planted.planting().accept(patient);

        CheckResult found = check(patient, true);
        assertThat(damage(found)).singleElement().satisfies(fault -> {
            assertThat(fault.kind()).isEqualTo(planted.kind());
            assertThat(fault.fact()).contains(planted.fact());
            assertThat(fault.losses().isEmpty()).isEqualTo(planted.cost() == Cost.NOTHING);
            assertThat(fault.isLoss()).isEqualTo(planted.cost() == Cost.FILES);
        });

        MemoryStorage alone = new MemoryStorage(patient);
        int lostBefore = planted.kind() == Fault.Kind.PACK ? HOSPITAL.unreadableFiles(alone) : 0;
        RepairResult repaired = repair(alone, Optional.empty());
        CheckResult after = check(alone, true);
        if (planted.cost() == Cost.FILES) {
            assertThat(damage(after)).singleElement().satisfies(fault -> {
                assertThat(fault.kind()).isEqualTo(Fault.Kind.BLOB);
                assertThat(fault.losses().getFirst().snapshot().tags()).contains("database=shop");
            });
            assertThat(HOSPITAL.unreadableFiles(alone)).isPositive().isLessThanOrEqualTo(lostBefore);
        } else {
            assertThat(damage(after)).isEmpty();
            assertThat(HOSPITAL.unreadableFiles(alone)).isZero();
        }
        assertThat(damage(repaired.after())).hasSameSizeAs(damage(after));
        assertThat(repair(alone, Optional.empty()).setAside())
                .as("a second repair has nothing to do")
                .isEmpty();

        MemoryStorage fromOther = new MemoryStorage(patient);
        repair(fromOther, Optional.of(HOSPITAL.other));
        assertThat(damage(check(fromOther, true))).isEmpty();
        assertThat(HOSPITAL.unreadableFiles(fromOther)).isZero();
        assertNothingWasThrownAway(patient, fromOther);
    }

    /// Every file that was there is there, or lies below `pgcharter/damaged/`.
    private static void assertNothingWasThrownAway(MemoryStorage before, MemoryStorage after) {
        before.objects().forEach((key, content) -> {
            if (!key.startsWith(Vault.LOCKS)) {
                byte[] kept = after.objects()
                        .getOrDefault(key, after.objects().getOrDefault(Attic.DIRECTORY + key, new byte[] {42}));
                assertThat(kept).as(key).isEqualTo(content);
            }
        });
    }

    @Test
    void two_packs_swapped_are_both_named_and_each_is_said_to_hold_the_other() {
        MemoryStorage patient = HOSPITAL.patient();
        String large = large(patient);
        String small = small(patient);
        byte[] content = bytes(patient, large);
        put(patient, large, bytes(patient, small));
        put(patient, small, content);

        assertThat(damage(check(patient, true)))
                .extracting(Fault::fact)
                .hasSize(2)
                .anySatisfy(fact -> assertThat(fact).contains(name(large)))
                .anySatisfy(fact -> assertThat(fact).contains(name(small)));

        repair(patient, Optional.of(HOSPITAL.other));
        assertThat(damage(check(patient, true))).isEmpty();
        assertThat(HOSPITAL.unreadableFiles(patient)).isZero();
    }

    @Test
    void a_damaged_snapshot_is_named_and_set_aside_and_the_other_backups_can_be_read() {
        MemoryStorage patient = HOSPITAL.patient();
        String damaged = keys(patient, Vault.SNAPSHOTS).getFirst();
        flip(patient, damaged, 30);

        assertThat(damage(check(patient, false))).singleElement().satisfies(fault -> {
            assertThat(fault.kind()).isEqualTo(Fault.Kind.SNAPSHOT);
            assertThat(fault.fact()).contains(keys(patient, Vault.SNAPSHOTS).getFirst());
        });
        assertThat(repair(patient, Optional.empty()).lostSnapshots())
                .containsExactly(damaged.substring(Vault.SNAPSHOTS.length()));
        assertThat(damage(check(patient, true))).isEmpty();
        assertThat(HOSPITAL.unreadableFiles(patient)).as("one snapshot of two").isEqualTo(3);
    }

    @Test
    void what_no_backup_needs_is_no_damage() {
        MemoryStorage patient = HOSPITAL.patient();
        put(patient, "data/notes.txt", new byte[] {1});
        String theirs = packs(HOSPITAL.other).getFirst();
        put(patient, theirs, bytes(HOSPITAL.other, theirs));
        // A backup that was killed before it wrote its index.
        try (Repository repository = Hospital.open(patient);
                SnapshotWriter writer = repository.write()) {
            Content.write(writer, "data/c", Content.random(9, 100_000));
            writer.commit(Content.TIME.plusSeconds(9), "host", List.of("/shop"), List.of());
        }
        MemoryStorage killed = HOSPITAL.patient();
        patient.objects().forEach((key, content) -> {
            if (key.startsWith(Vault.DATA)) {
                put(killed, key, content);
            }
        });

        CheckResult found = check(killed, true);
        assertThat(damage(found)).isEmpty();
        assertThat(found.faults())
                .extracting(Fault::fact)
                .hasSize(4)
                .anySatisfy(fact -> assertThat(fact).contains("data/notes.txt"))
                .anySatisfy(fact -> assertThat(fact).contains(name(theirs), "another repository"));
        assertThat(repair(killed, Optional.empty()).indexedPackCount()).isEqualTo(2);
        assertThat(killed.objects()).containsKeys("data/notes.txt", theirs);
        assertThat(damage(check(killed, true))).isEmpty();
    }

    @Test
    void after_a_repair_a_new_backup_stores_what_was_lost_again_and_the_old_ones_are_whole_with_it() {
        MemoryStorage patient = HOSPITAL.patient();
        patient.objects().remove(large(patient));
        repair(patient, Optional.empty());
        assertThat(HOSPITAL.unreadableFiles(patient)).isPositive();

        try (Repository repository = Hospital.open(patient);
                SnapshotWriter writer = repository.write()) {
            HOSPITAL.contents.getLast().forEach((path, bytes) -> Content.write(writer, path, bytes));
            writer.commit(Content.TIME.plusSeconds(60), "host", List.of("/shop"), List.of());
        }
        assertThat(damage(check(patient, true)))
                .allSatisfy(fault -> assertThat(fault.losses())
                        .allSatisfy(loss -> assertThat(loss.snapshot().time()).isEqualTo(Content.TIME)));
        assertThat(HOSPITAL.unreadableFiles(patient))
                .as("at most what only the first one held")
                .isLessThanOrEqualTo(1);
    }
}
