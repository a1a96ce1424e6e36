package io.pgcharter.engine.journal;

import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/// The hash of a growing list, as in RFC 6962, section 2.1: a leaf is hashed behind the byte 0, a node behind the
/// byte 1, so that neither can be passed off as the other. Keeps one hash for each power of two in the size, so that
/// adding a leaf and asking for the root take time logarithmic in the size. Used by one thread.
final class MerkleTree {
    private static final int HASH_BYTES = 32;

    /// Roots of complete subtrees, largest first: one for each 1-bit of `size`.
    private final List<byte[]> peaks = new ArrayList<>();

    private long size;

    /// The tree that had this size and these peaks, to be added to.
    ///
    /// @return empty if there is no such tree
    static Optional<MerkleTree> of(long size, byte[] peaks) {
        if (size < 0 || peaks.length != Long.bitCount(size) * HASH_BYTES) {
            return Optional.empty();
        }
        MerkleTree tree = new MerkleTree();
        tree.size = size;
        for (int begin = 0; begin < peaks.length; begin += HASH_BYTES) {
            tree.peaks.add(Arrays.copyOfRange(peaks, begin, begin + HASH_BYTES));
        }
        return Optional.of(tree);
    }

    /// All that is needed to go on from here: at most 2 KiB.
    byte[] peaks() {
        byte[] all = new byte[peaks.size() * HASH_BYTES];
        for (int peak = 0; peak < peaks.size(); peak++) {
            System.arraycopy(peaks.get(peak), 0, all, peak * HASH_BYTES, HASH_BYTES);
        }
        return all;
    }

    static byte[] leafHash(byte[] leaf) {
        MessageDigest digest = sha256();
        digest.update((byte) 0);
        return digest.digest(leaf);
    }

    private static byte[] nodeHash(byte[] left, byte[] right) {
        MessageDigest digest = sha256();
        digest.update((byte) 1);
        digest.update(left);
        return digest.digest(right);
    }

    void add(byte[] leafHash) {
        byte[] node = leafHash;
        // Each trailing 1-bit of the size is a complete subtree as large as `node`: they join.
        for (long bits = size; (bits & 1) == 1; bits >>= 1) {
            node = nodeHash(peaks.removeLast(), node);
        }
        peaks.add(node);
        size++;
    }

    long size() {
        return size;
    }

    /// The hash of all leaves so far; of none, SHA-256 of nothing.
    byte[] root() {
        if (peaks.isEmpty()) {
            return sha256().digest();
        }
        byte[] root = peaks.getLast();
        for (int i = peaks.size() - 2; i >= 0; i--) {
            root = nodeHash(peaks.get(i), root);
        }
        return root;
    }

    static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java has SHA-256", e);
        }
    }
}
