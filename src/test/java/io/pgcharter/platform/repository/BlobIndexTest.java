package io.pgcharter.platform.repository;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;

class BlobIndexTest {
    private static final BlobId FIRST = ManyBlobs.id(-1);
    private static final BlobId SECOND = ManyBlobs.id(-2);

    private static PackedBlob blob(long number, int offset) {
        return new PackedBlob(ManyBlobs.id(number), BlobType.DATA, offset, 1_000, 2_000);
    }

    private static int pack(BlobIndex index, BlobId pack, PackedBlob... blobs) {
        int number = index.addPack(pack);
        for (PackedBlob blob : blobs) {
            index.add(number, blob);
        }
        return number;
    }

    /// Enough for several segments, and for the way to them to grow many times.
    @Test
    void what_went_in_is_found_where_it_is_and_nothing_else() {
        BlobIndex index = new BlobIndex();
        Map<BlobId, PackedBlob> expected = new HashMap<>();
        Map<BlobId, BlobId> packs = new HashMap<>();
        List<BlobId> wrong = new ArrayList<>();
        Random random = new Random(3);
        for (int pack = 0; pack < 1_500; pack++) {
            BlobId packId = ManyBlobs.id(-1 - pack);
            int number = index.addPack(packId);
            for (int blob = 0; blob < 100; blob++) {
                PackedBlob packed = new PackedBlob(
                        ManyBlobs.id(random.nextInt(140_000)), BlobType.DATA, blob, random.nextInt(1 << 20) + 32, blob);
                boolean isNew = expected.putIfAbsent(packed.id(), packed) == null;
                packs.putIfAbsent(packed.id(), packId);
                if (index.add(number, packed) != isNew) {
                    wrong.add(packed.id());
                }
            }
        }
        assertThat(index.blobCount()).isEqualTo(expected.size()).isGreaterThan(80_000);
        expected.forEach((id, blob) -> {
            var place = new BlobIndex.Place(packs.getOrDefault(id, SECOND), blob);
            if (!place.equals(index.find(id, BlobType.DATA)) || index.contains(id, BlobType.TREE)) {
                wrong.add(id);
            }
        });
        for (int number = 140_000; number < 160_000; number++) {
            if (index.find(ManyBlobs.id(number), BlobType.DATA) != null) {
                wrong.add(ManyBlobs.id(number));
            }
        }
        assertThat(wrong).isEmpty();
        List<BlobId> listed = new ArrayList<>();
        List<int[]> entries = index.entriesByPack();
        for (int pack = 0; pack < entries.size(); pack++) {
            for (int entry : entries.get(pack)) {
                assertThat(index.packOfEntry(entry) == pack).isTrue();
                listed.add(index.entry(entry).id());
            }
        }
        assertThat(listed).hasSize(expected.size());
        assertThat(Set.copyOf(listed)).isEqualTo(expected.keySet());
    }

    @Test
    void ids_that_begin_alike_are_told_apart_and_so_are_a_tree_and_data_of_one_id() {
        BlobIndex index = new BlobIndex();
        int pack = index.addPack(FIRST);
        for (int number = 0; number < 2_000; number++) {
            BlobId alike = new BlobId(-1L, 5, 5, number);
            assertThat(index.add(pack, new PackedBlob(alike, BlobType.DATA, number, 40, 0)))
                    .isTrue();
        }
        BlobId one = new BlobId(-1L, 5, 5, 7);
        assertThat(index.contains(one, BlobType.TREE)).isFalse();
        assertThat(index.add(pack, new PackedBlob(one, BlobType.TREE, 99, 50, 0)))
                .isTrue();
        assertThat(index.find(one, BlobType.DATA))
                .isEqualTo(new BlobIndex.Place(FIRST, new PackedBlob(one, BlobType.DATA, 7, 40, 0)));
        assertThat(index.find(one, BlobType.TREE))
                .isEqualTo(new BlobIndex.Place(FIRST, new PackedBlob(one, BlobType.TREE, 99, 50, 0)));
        assertThat(index.find(new BlobId(-1L, 5, 5, 2_000), BlobType.DATA)).isNull();
    }

    @Test
    void a_pack_has_the_size_that_its_blobs_and_header_make() {
        BlobIndex index = new BlobIndex();
        int pack = pack(index, FIRST, blob(1, 0), blob(2, 1_000));
        assertThat(index.packBytes(pack)).isEqualTo(2 * (1_000 + 41) + BlobIndex.EMPTY_PACK_BYTES);
        int large = index.addPack(SECOND);
        for (int number = 0; number < 5; number++) {
            index.add(large, new PackedBlob(ManyBlobs.id(100 + number), BlobType.DATA, 0, 1 << 30, 0));
        }
        assertThat(index.packBytes(large)).isEqualTo(5L * ((1 << 30) + 37) + BlobIndex.EMPTY_PACK_BYTES);
        assertThat(index.hasPack(SECOND)).isTrue();
        assertThat(index.hasPack(ManyBlobs.id(-3))).isFalse();
        assertThat(index.addPack(FIRST)).isEqualTo(-1);
    }

    @Test
    void a_blob_in_a_marked_pack_is_had_from_another_one_wherever_that_comes() {
        for (boolean markedFirst : new boolean[] {true, false}) {
            BlobIndex index = new BlobIndex(Set.of(FIRST));
            PackedBlob[] inMarked = {blob(1, 0), blob(2, 1_000)};
            PackedBlob[] inOther = {blob(3, 0), blob(2, 7_000)};
            int first = pack(index, markedFirst ? FIRST : SECOND, markedFirst ? inMarked : inOther);
            int second = pack(index, markedFirst ? SECOND : FIRST, markedFirst ? inOther : inMarked);
            int other = markedFirst ? second : first;

            assertThat(index.find(ManyBlobs.id(2), BlobType.DATA))
                    .isEqualTo(new BlobIndex.Place(SECOND, blob(2, 7_000)));
            assertThat(index.contains(ManyBlobs.id(2), BlobType.DATA)).isTrue();
            assertThat(index.find(ManyBlobs.id(1), BlobType.DATA)).isNotNull();
            assertThat(index.contains(ManyBlobs.id(1), BlobType.DATA)).isFalse();
            assertThat(index.blobCount()).isEqualTo(3);
            int entry = index.entryNumber(ManyBlobs.id(2), BlobType.DATA);
            assertThat(index.packOfEntry(entry)).isEqualTo(other);
            assertThat(index.entriesByPack().get(other)).hasSize(2).contains(entry);
            assertThat(index.entriesByPack().get(1 - other)).hasSize(1).doesNotContain(entry);
        }
    }

    @Test
    void a_claim_succeeds_once() {
        int wrong = 0;
        BlobIndex index = new BlobIndex();
        for (int number = 0; number < 100_000; number++) {
            wrong += index.claim(ManyBlobs.id(number), BlobType.DATA) ? 0 : 1;
        }
        for (int number = 0; number < 100_000; number++) {
            wrong += index.claim(ManyBlobs.id(number), BlobType.DATA) ? 1 : 0;
        }
        assertThat(wrong).isZero();
        assertThat(index.claim(ManyBlobs.id(5), BlobType.TREE)).isTrue();
    }

    @Test
    void blobs_of_a_pack_come_before_the_next_pack() {
        BlobIndex index = new BlobIndex();
        int first = pack(index, FIRST, blob(1, 0));
        pack(index, SECOND, blob(2, 0));
        assertThatThrownBy(() -> index.add(first, blob(3, 0))).isInstanceOf(IllegalStateException.class);
    }
}
