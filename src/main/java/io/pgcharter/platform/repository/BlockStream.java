package io.pgcharter.platform.repository;

import java.io.OutputStream;
import java.util.Arrays;
import java.util.Objects;

/// Takes a file's bytes and cuts them into equal blocks. For one thread. Blocks are handed on as many as a buffer
/// holds, without being copied again.
final class BlockStream extends OutputStream {
    private final ChunkPipeline pipeline;
    private final BufferPool buffers;
    private final int blockBytes;
    private final FileNode file;
    private final Runnable whenClosed;
    private byte[] buffer;
    private int used;
    private int blockCount;
    private long size;
    private boolean isClosed;

    BlockStream(ChunkPipeline pipeline, BufferPool buffers, int blockBytes, FileNode file, Runnable whenClosed) {
        this.pipeline = pipeline;
        this.buffers = buffers;
        this.blockBytes = blockBytes;
        this.file = file;
        this.whenClosed = whenClosed;
        this.buffer = buffers.take(blockBytes);
    }

    @Override
    public void write(int value) {
        write(new byte[] {(byte) value}, 0, 1);
    }

    @Override
    public void write(byte[] bytes, int offset, int length) {
        Objects.checkFromIndexSize(offset, length, bytes.length);
        if (isClosed) {
            throw new IllegalStateException("'" + file.path() + "' is closed");
        }
        int full = buffer.length - buffer.length % blockBytes;
        int done = 0;
        while (done < length) {
            int count = Math.min(length - done, full - used);
            System.arraycopy(bytes, offset + done, buffer, used, count);
            used += count;
            done += count;
            if (used == full) {
                submit(buffer);
                buffer = buffers.take(blockBytes);
                used = 0;
            }
        }
        size += length;
    }

    private void submit(byte[] blocks) {
        int first = blockCount;
        blockCount += Math.ceilDiv(used, blockBytes);
        pipeline.submit(BlobType.DATA, blocks, used, blockBytes, (number, id) -> file.chunk(first + number, id));
    }

    /// Ends the file and makes it part of the snapshot.
    @Override
    public void close() {
        if (isClosed) {
            return;
        }
        isClosed = true;
        // What is left of many small files must not hold many large buffers.
        if (used >= buffer.length / 8) {
            submit(buffer);
        } else {
            if (used > 0) {
                submit(Arrays.copyOf(buffer, used));
            }
            buffers.give(buffer);
        }
        file.end(size, blockCount);
        whenClosed.run();
    }
}
