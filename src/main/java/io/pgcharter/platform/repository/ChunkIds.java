package io.pgcharter.platform.repository;

import java.util.Arrays;

/// The ids of a file's blobs in their order, 32 bytes each: files have millions. Not thread-safe.
final class ChunkIds {
    private byte[] bytes = new byte[0];
    private int count;

    /// Sets the id at `number`, which may lie beyond the end.
    void set(int number, BlobId id) {
        int end = Math.multiplyExact(number + 1, BlobId.SIZE_BYTES);
        if (end > bytes.length) {
            bytes = Arrays.copyOf(bytes, Math.max(end, bytes.length * 2));
        }
        id.write(bytes, end - BlobId.SIZE_BYTES);
        count = Math.max(count, number + 1);
    }

    BlobId get(int number) {
        return BlobId.read(bytes, number * BlobId.SIZE_BYTES);
    }

    int count() {
        return count;
    }
}
