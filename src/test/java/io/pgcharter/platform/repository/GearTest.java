package io.pgcharter.platform.repository;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

class GearTest {
    private static final int MIB = 1024 * 1024;

    /// Chunk lengths of `content` when it comes in pieces of at most `piece` bytes.
    private static List<Integer> cut(long seed, byte[] content, int piece) {
        Gear.Scan scan = new Gear(seed).new Scan();
        List<Integer> lengths = new ArrayList<>();
        int begin = 0;
        int seen = 0;
        while (seen < content.length) {
            seen = Math.min(seen + piece, content.length);
            byte[] rest = Arrays.copyOfRange(content, begin, seen);
            int end = scan.end(rest, rest.length);
            if (end > 0) {
                lengths.add(end);
                begin += end;
                // What lies behind the cut is scanned again with what follows.
                seen = begin;
            }
        }
        if (begin < content.length) {
            lengths.add(content.length - begin);
        }
        return lengths;
    }

    private static Set<BlobId> chunks(byte[] content, List<Integer> lengths) {
        Set<BlobId> ids = new HashSet<>();
        int begin = 0;
        for (int length : lengths) {
            ids.add(BlobId.digest(BlobId.sha256(), content, begin, length));
            begin += length;
        }
        return ids;
    }

    @Property(tries = 25)
    void chunks_add_up_keep_their_limits_and_do_not_depend_on_how_bytes_come_in(
            @ForAll long seed, @ForAll @IntRange(min = 1, max = 14 * MIB) int size, @ForAll boolean isText) {
        byte[] content = isText ? Content.rows(seed, size) : Content.random(seed, size);
        List<Integer> lengths = cut(seed, content, 3 * MIB);

        assertThat(lengths.stream().mapToInt(length -> length).sum()).isEqualTo(size);
        assertThat(lengths).allMatch(length -> length <= Gear.CHUNK_MAX_BYTES);
        assertThat(lengths.subList(0, lengths.size() - 1)).allMatch(length -> length >= Gear.CHUNK_MIN_BYTES);
        assertThat(cut(seed, content, 700_001)).isEqualTo(lengths);
    }

    @Test
    void content_without_any_place_to_cut_is_cut_at_the_longest_length() {
        List<Integer> lengths = cut(1, new byte[20 * MIB], MIB);
        assertThat(lengths).containsExactly(8 * MIB, 8 * MIB, 4 * MIB);
    }

    @Test
    void an_insertion_in_the_middle_changes_a_few_chunks_only() {
        for (long seed = 1; seed <= 5; seed++) {
            byte[] content = Content.random(seed, 48 * MIB);
            byte[] inserted = new byte[content.length + 100];
            int middle = 20 * MIB + new Random(seed).nextInt(MIB);
            System.arraycopy(content, 0, inserted, 0, middle);
            System.arraycopy(content, middle, inserted, middle + 100, content.length - middle);

            Set<BlobId> before = chunks(content, cut(seed, content, 3 * MIB));
            Set<BlobId> after = chunks(inserted, cut(seed, inserted, 3 * MIB));
            assertThat(before).hasSizeGreaterThan(30);
            after.removeAll(before);
            assertThat(after).as("seed " + seed).hasSizeBetween(1, 4);
        }
    }

    @Test
    void another_repository_cuts_elsewhere() {
        byte[] content = Content.random(7, 16 * MIB);
        Set<BlobId> one = chunks(content, cut(1, content, MIB));
        Set<BlobId> other = chunks(content, cut(2, content, MIB));
        other.retainAll(one);
        assertThat(other).isEmpty();
    }

    @Test
    void a_new_repositorys_polynomial_is_irreducible_and_of_degree_53() {
        // The polynomial of the example in restic's published design, and one that has the factor x + 1.
        assertThat(Polynomial.isIrreducible(0x25b468838dcb75L)).isTrue();
        assertThat(Polynomial.isIrreducible(0x25b468838dcb77L)).isFalse();
        var random = new java.security.SecureRandom();
        for (int round = 0; round < 20; round++) {
            long polynomial = Polynomial.random(random);
            assertThat(Polynomial.isIrreducible(polynomial)).isTrue();
            assertThat(64 - Long.numberOfLeadingZeros(polynomial)).isEqualTo(54);
        }
    }
}
