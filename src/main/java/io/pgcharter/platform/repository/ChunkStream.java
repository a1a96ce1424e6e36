package io.pgcharter.platform.repository;

import java.io.OutputStream;
import java.util.Arrays;
import java.util.Objects;

/// Takes a file's bytes and cuts them into chunks. For one thread. Small writes only copy; the scan for cuts runs over
/// larger stretches.
final class ChunkStream extends OutputStream {
    private static final int STRETCH_BYTES = 64 * 1024;

    private final ChunkPipeline pipeline;
    private final BufferPool buffers;
    private final Gear.Scan scan;
    private final FileNode file;
    private final Runnable whenClosed;
    private byte[] buffer;
    private int used;
    private int scanned;
    private int chunkCount;
    private long size;
    private boolean isClosed;

    ChunkStream(ChunkPipeline pipeline, BufferPool buffers, Gear.Scan scan, FileNode file, Runnable whenClosed) {
        this.pipeline = pipeline;
        this.buffers = buffers;
        this.scan = scan;
        this.file = file;
        this.whenClosed = whenClosed;
        this.buffer = buffers.take(0);
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
        int done = 0;
        while (done < length) {
            int count = Math.min(length - done, Math.min(buffer.length - used, scanned + STRETCH_BYTES - used));
            System.arraycopy(bytes, offset + done, buffer, used, count);
            used += count;
            done += count;
            if (used == buffer.length || used - scanned >= STRETCH_BYTES) {
                cut();
            }
        }
        size += length;
    }

    private void cut() {
        int end = scan.end(buffer, used);
        scanned = used;
        if (end > 0) {
            byte[] next = buffers.take(0);
            int left = used - end;
            System.arraycopy(buffer, end, next, 0, left);
            submit(end);
            buffer = next;
            used = left;
            scanned = 0;
        } else if (used == buffer.length) {
            buffer = Arrays.copyOf(buffer, Math.min(Gear.CHUNK_MAX_BYTES, buffer.length * 2));
        }
    }

    /// A short chunk goes in an array of its own, so that many small files do not hold many large buffers.
    private void submit(int length) {
        byte[] chunk = buffer;
        if (length < buffer.length / 8) {
            chunk = Arrays.copyOf(buffer, length);
            buffers.give(buffer);
        }
        int number = chunkCount++;
        pipeline.submit(BlobType.DATA, chunk, length, id -> file.chunk(number, id));
    }

    /// Ends the file and makes it part of the snapshot.
    @Override
    public void close() {
        if (isClosed) {
            return;
        }
        isClosed = true;
        // What was not scanned is shorter than the shortest chunk, but may lie behind a cut.
        while (scanned < used) {
            cut();
        }
        if (used > 0) {
            submit(used);
        } else {
            buffers.give(buffer);
        }
        file.end(size, chunkCount);
        whenClosed.run();
    }
}
