package io.pgcharter.platform.repository;

import io.pgcharter.model.problem.ProblemException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/// What reading a whole pack showed.
///
/// @param digest SHA-256 of what is stored; a whole pack is named by it
/// @param header what the pack says it holds; empty if that cannot be read
/// @param expectedCount blobs that indexes place in it
/// @param unreadable of these, those that cannot be read there
/// @param isMisplaced whether the header lists a blob at another place than the index, or does not list it
record PackReading(
        BlobId pack,
        int bytes,
        boolean isZero,
        BlobId digest,
        Optional<List<PackedBlob>> header,
        int expectedCount,
        List<PackedBlob> unreadable,
        boolean isMisplaced) {

    /// Decodes every expected blob. `bytes` are overwritten.
    static PackReading of(Vault vault, BlobId pack, byte[] bytes, List<PackedBlob> expected, BufferPool buffers) {
        BlobId digest = BlobId.digest(BlobId.sha256(), bytes, 0, bytes.length);
        Optional<List<PackedBlob>> header = PackHeader.read(vault.key(), bytes, bytes.length);
        boolean isZero = isZero(bytes);
        List<PackedBlob> unreadable = new ArrayList<>();
        try (BlobReader reader = new BlobReader(vault, new BlobIndex())) {
            for (PackedBlob blob : expected) {
                if (!isReadable(reader, pack, blob, bytes, buffers)) {
                    unreadable.add(blob);
                }
            }
        }
        boolean isMisplaced =
                header.isPresent() && !Set.copyOf(new HashSet<>(header.get())).containsAll(expected);
        return new PackReading(pack, bytes.length, isZero, digest, header, expected.size(), unreadable, isMisplaced);
    }

    private static boolean isZero(byte[] bytes) {
        for (byte each : bytes) {
            if (each != 0) {
                return false;
            }
        }
        return true;
    }

    static boolean isReadable(BlobReader reader, BlobId pack, PackedBlob blob, byte[] bytes, BufferPool buffers) {
        if ((long) blob.offset() + blob.length() > bytes.length) {
            return false;
        }
        try {
            buffers.give(
                    reader.decode(pack, blob, bytes, blob.offset(), buffers).bytes());
            return true;
        } catch (ProblemException e) {
            if (Damage.is(e)) {
                return false;
            }
            throw e;
        }
    }

    /// Whether the file is the one that was written under this name, with the repository's key.
    boolean isWhole() {
        return digest.equals(pack) && header.isPresent();
    }

    /// Whether the pack is whole and indexes place its blobs where they are.
    boolean isSound() {
        return isWhole() && unreadable.isEmpty() && !isMisplaced;
    }

    /// The file is as it was written, but not with this repository's key.
    boolean isForeign() {
        return digest.equals(pack) && header.isEmpty();
    }

    /// @param stored the packs there are
    /// @return what is wrong with a pack that is not sound, in one line
    String fact(long expectedBytes, Map<BlobId, Long> stored) {
        String name = "the pack '" + pack + "'";
        if (isForeign()) {
            return name + " is whole, but sealed with the key of another repository";
        }
        if (isWhole()) {
            return name + " is whole, but an index lists it wrongly: " + blobs();
        }
        if (bytes != expectedBytes) {
            return name + " has " + bytes + " bytes instead of " + expectedBytes + ": " + blobs();
        }
        if (isZero) {
            return name + " is damaged: all its " + bytes + " bytes are zero";
        }
        if (stored.containsKey(digest)) {
            return name + " is damaged: it holds what the pack '" + digest + "' must hold";
        }
        return name + " is damaged: " + blobs();
    }

    private String blobs() {
        String seal = header.isEmpty() ? ", and its own list of them neither" : "";
        if (expectedCount == 0) {
            return header.isEmpty() ? "its list of blobs cannot be read" : "its SHA-256 is not its name";
        }
        if (unreadable.isEmpty()) {
            return header.isEmpty()
                    ? "its list of blobs cannot be read, the blobs can"
                    : isMisplaced ? "blobs lie elsewhere in it" : "its SHA-256 is not its name, its blobs can be read";
        }
        return unreadable.size() + " of its " + expectedCount + " blobs cannot be read" + seal;
    }
}
