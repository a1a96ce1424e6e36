package io.pgcharter.platform.repository;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/// A pack while it fills: sealed blobs one after the other, then the sealed header and its length ("Pack Format" in
/// restic's design). Not thread-safe.
final class PackBuilder {
    /// A pack is full when the next blob would make it larger than this.
    static final int PACK_BYTES = 16 * 1024 * 1024;

    private final List<PackedBlob> blobs = new ArrayList<>();
    private byte[] buffer;
    private int used;
    private int headerBytes;

    PackBuilder(byte[] buffer) {
        this.buffer = buffer;
    }

    boolean isEmpty() {
        return blobs.isEmpty();
    }

    boolean fits(int sealedLength) {
        return blobs.isEmpty() || finishedBytes(sealedLength) <= PACK_BYTES;
    }

    private long finishedBytes(int more) {
        return (long) used + more + headerBytes + 41 + BlobIndex.EMPTY_PACK_BYTES;
    }

    /// @param from its offset is where the sealed blob stands in `bytes`
    void append(PackedBlob from, byte[] bytes) {
        ensure(Math.toIntExact(finishedBytes(from.length())));
        System.arraycopy(bytes, from.offset(), buffer, used, from.length());
        PackedBlob blob = from.at(used);
        blobs.add(blob);
        used += blob.length();
        headerBytes += blob.headerBytes();
    }

    private void ensure(int size) {
        if (size > buffer.length) {
            buffer = Arrays.copyOf(buffer, Math.max(size, Math.min(PACK_BYTES, buffer.length * 2)));
        }
    }

    /// Appends the header. The pack is then the remaining bytes of [#content].
    void finish(Cryptor cryptor) {
        ByteBuffer header =
                ByteBuffer.wrap(buffer, used + Cryptor.IV_BYTES, headerBytes).order(ByteOrder.LITTLE_ENDIAN);
        byte[] id = new byte[BlobId.SIZE_BYTES];
        for (PackedBlob blob : blobs) {
            header.put((byte) blob.headerType()).putInt(blob.length());
            if (blob.plainLength() > 0) {
                header.putInt(blob.plainLength());
            }
            blob.id().write(id, 0);
            header.put(id);
        }
        int sealed = cryptor.seal(buffer, used, headerBytes);
        used += sealed;
        ByteBuffer.wrap(buffer, used, 4).order(ByteOrder.LITTLE_ENDIAN).putInt(sealed);
        used += 4;
    }

    ByteBuffer content() {
        return ByteBuffer.wrap(buffer, 0, used);
    }

    byte[] buffer() {
        return buffer;
    }

    List<PackedBlob> blobs() {
        return blobs;
    }
}
