package io.pgcharter.engine.journal;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

class MerkleTreeTest {
    /// The leaves and roots that Certificate Transparency's reference implementation is tested with.
    private static final List<String> LEAVES =
            List.of("", "00", "10", "2021", "3031", "40414243", "5051525354555657", "606162636465666768696a6b6c6d6e6f");

    private static final List<String> ROOTS = List.of(
            "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
            "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
            "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
            "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
            "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
            "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
            "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
            "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
            "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328");

    private static String hex(byte[] bytes) {
        return HexFormat.of().formatHex(bytes);
    }

    @Test
    void the_known_leaves_of_certificate_transparency_have_the_known_roots() {
        MerkleTree tree = new MerkleTree();
        assertThat(hex(tree.root())).isEqualTo(ROOTS.getFirst());
        for (int size = 1; size <= LEAVES.size(); size++) {
            tree.add(MerkleTree.leafHash(HexFormat.of().parseHex(LEAVES.get(size - 1))));
            assertThat(tree.size()).isEqualTo(size);
            assertThat(hex(tree.root())).as("size " + size).isEqualTo(ROOTS.get(size));
        }
    }

    /// RFC 6962, section 2.1, to the letter.
    private static byte[] root(List<byte[]> leafHashes) {
        if (leafHashes.size() == 1) {
            return leafHashes.getFirst();
        }
        int split = Integer.highestOneBit(leafHashes.size() - 1);
        var digest = MerkleTree.sha256();
        digest.update((byte) 1);
        digest.update(root(leafHashes.subList(0, split)));
        return digest.digest(root(leafHashes.subList(split, leafHashes.size())));
    }

    private static List<byte[]> hashes(long seed, int count) {
        Random random = new Random(seed);
        return IntStream.range(0, count)
                .mapToObj(_ -> {
                    byte[] leaf = new byte[random.nextInt(40)];
                    random.nextBytes(leaf);
                    return MerkleTree.leafHash(leaf);
                })
                .toList();
    }

    @Property(tries = 300)
    void the_root_is_that_of_the_definition_at_every_size(
            @ForAll long seed, @ForAll @IntRange(min = 1, max = 130) int size) {
        List<byte[]> hashes = hashes(seed, size);
        MerkleTree tree = new MerkleTree();
        hashes.forEach(tree::add);
        assertThat(tree.root()).isEqualTo(root(hashes));
    }

    @Property(tries = 300)
    void a_tree_resumed_from_its_peaks_goes_on_as_if_never_put_down(
            @ForAll long seed, @ForAll @IntRange(max = 130) int size, @ForAll @IntRange(max = 40) int more) {
        List<byte[]> hashes = hashes(seed, size + more);
        MerkleTree whole = new MerkleTree();
        hashes.subList(0, size).forEach(whole::add);
        MerkleTree resumed = MerkleTree.of(whole.size(), whole.peaks()).orElseThrow();
        assertThat(resumed.root()).isEqualTo(whole.root());
        hashes.subList(size, size + more).forEach(whole::add);
        hashes.subList(size, size + more).forEach(resumed::add);
        assertThat(resumed.size()).isEqualTo(size + more);
        assertThat(resumed.root()).isEqualTo(whole.root());
        assertThat(resumed.peaks()).isEqualTo(whole.peaks());
    }

    @Test
    void peaks_that_no_tree_of_that_size_has_make_no_tree() {
        MerkleTree tree = new MerkleTree();
        hashes(1, 7).forEach(tree::add);
        byte[] peaks = tree.peaks();
        assertThat(peaks).hasSize(3 * 32);
        assertThat(MerkleTree.of(8, peaks)).isEmpty();
        assertThat(MerkleTree.of(-1, peaks)).isEmpty();
        assertThat(MerkleTree.of(7, Arrays.copyOf(peaks, 95))).isEmpty();
        assertThat(MerkleTree.of(7, new byte[0])).isEmpty();
    }
}
