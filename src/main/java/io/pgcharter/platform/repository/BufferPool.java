package io.pgcharter.platform.repository;

import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;

/// Keeps a few buffers of 2 MiB for reuse, which nine chunks of ten fit in. Larger ones come and go. Thread-safe.
final class BufferPool {
    static final int BUFFER_BYTES = 2 * 1024 * 1024;

    private final BlockingQueue<byte[]> free;

    BufferPool(int keptMax) {
        free = new ArrayBlockingQueue<>(keptMax);
    }

    /// A buffer of at least `size` bytes, with any content.
    byte[] take(int size) {
        if (size > BUFFER_BYTES) {
            return new byte[size];
        }
        byte[] buffer = free.poll();
        return buffer == null ? new byte[BUFFER_BYTES] : buffer;
    }

    /// Gives a buffer back. The caller must not touch it again.
    void give(byte[] buffer) {
        if (buffer.length == BUFFER_BYTES) {
            var _ = free.offer(buffer);
        }
    }
}
