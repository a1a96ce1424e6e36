package io.pgcharter.platform.repository;

import io.pgcharter.platform.storage.Storage;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/// Reads what a pack says of itself: the sealed list at its end ("Pack Format" in restic's design).
final class PackHeader {
    private static final int LENGTH_BYTES = 4;
    /// Fetched in one go; holds the list of a pack of 1,500 blobs.
    private static final int TAIL_BYTES = 64 * 1024;

    private PackHeader() {}

    /// @param pack the whole pack, or its end; not changed
    /// @param packBytes size of the whole pack
    /// @return the blobs in their order; empty if the header cannot be read
    static Optional<List<PackedBlob>> read(MasterKey key, byte[] pack, long packBytes) {
        int sealed = sealedLength(pack);
        int begin = pack.length - LENGTH_BYTES - sealed;
        if (sealed < Cryptor.OVERHEAD_BYTES || begin < 0) {
            return Optional.empty();
        }
        byte[] header = Arrays.copyOfRange(pack, begin, begin + sealed);
        if (!new Cryptor(key).open(header, 0, sealed)) {
            return Optional.empty();
        }
        ByteBuffer entries = ByteBuffer.wrap(header, Cryptor.IV_BYTES, sealed - Cryptor.OVERHEAD_BYTES)
                .order(ByteOrder.LITTLE_ENDIAN);
        return parse(entries, packBytes - LENGTH_BYTES - sealed);
    }

    private static int sealedLength(byte[] pack) {
        return pack.length < LENGTH_BYTES
                ? -1
                : ByteBuffer.wrap(pack).order(ByteOrder.LITTLE_ENDIAN).getInt(pack.length - LENGTH_BYTES);
    }

    private static Optional<List<PackedBlob>> parse(ByteBuffer entries, long blobBytes) {
        List<PackedBlob> blobs = new ArrayList<>();
        byte[] id = new byte[BlobId.SIZE_BYTES];
        long offset = 0;
        while (entries.hasRemaining()) {
            int type = entries.get();
            boolean isCompressed = (type & 2) != 0;
            if (type < 0 || type > 3 || entries.remaining() < (isCompressed ? 40 : 36)) {
                return Optional.empty();
            }
            int length = entries.getInt();
            int plainLength = isCompressed ? entries.getInt() : 0;
            entries.get(id);
            if (length < Cryptor.OVERHEAD_BYTES || plainLength < 0 || offset + length > blobBytes) {
                return Optional.empty();
            }
            BlobType blobType = (type & 1) == 0 ? BlobType.DATA : BlobType.TREE;
            blobs.add(new PackedBlob(BlobId.read(id, 0), blobType, (int) offset, length, plainLength));
            offset += length;
        }
        return Optional.of(blobs);
    }

    /// Reads only the end of the pack.
    ///
    /// @throws io.pgcharter.model.problem.ProblemException `NOT_FOUND`
    static Optional<List<PackedBlob>> fetch(Vault vault, Storage.Entry pack) {
        byte[] tail = tail(vault, pack, TAIL_BYTES);
        int wanted = sealedLength(tail) + LENGTH_BYTES;
        if (wanted > tail.length && wanted <= pack.sizeBytes()) {
            tail = tail(vault, pack, wanted);
        }
        return read(vault.key(), tail, pack.sizeBytes());
    }

    private static byte[] tail(Vault vault, Storage.Entry pack, int length) {
        byte[] bytes = new byte[(int) Math.min(length, pack.sizeBytes())];
        int count = vault.storage().get(pack.key(), pack.sizeBytes() - bytes.length, ByteBuffer.wrap(bytes));
        return count == bytes.length ? bytes : new byte[0];
    }
}
