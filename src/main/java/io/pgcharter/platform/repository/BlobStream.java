package io.pgcharter.platform.repository;

import io.pgcharter.model.problem.ProblemException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// The bytes of a file: its blobs one after the other, the next ones read ahead. For one thread.
final class BlobStream extends InputStream {
    private static final int AHEAD_MAX = 4;

    /// The JDK copies what it writes to a file into a buffer of its own, which had better stay in the processor's
    /// cache.
    private static final int PIECE_BYTES = 128 * 1024;

    private final BlobFetcher fetcher;
    private final String path;
    private final TreeFile.Node node;
    private final Deque<BlobFetcher.Ahead> ahead = new ArrayDeque<>(AHEAD_MAX);
    private BlobReader.@Nullable Content current;
    private int position;
    private int nextChunk;
    private long handedOut;

    BlobStream(BlobFetcher fetcher, String path, TreeFile.Node node) {
        this.fetcher = fetcher;
        this.path = path;
        this.node = node;
        fill();
    }

    private void fill() {
        while (ahead.size() < AHEAD_MAX && nextChunk < node.chunkCount()) {
            Optional<BlobFetcher.Ahead> next = fetcher.ahead(node.content(), nextChunk);
            if (next.isEmpty()) {
                return;
            }
            ahead.add(next.get());
            nextChunk += next.get().count();
        }
    }

    @Override
    public int read() {
        byte[] one = new byte[1];
        return read(one, 0, 1) < 0 ? -1 : one[0] & 0xFF;
    }

    @Override
    public int read(byte[] target, int offset, int length) {
        Objects.checkFromIndexSize(offset, length, target.length);
        if (length == 0) {
            return 0;
        }
        BlobReader.Content content = content();
        if (content == null) {
            requireWhole();
            return -1;
        }
        int count = Math.min(length, content.length() - position);
        System.arraycopy(content.bytes(), position, target, offset, count);
        position += count;
        handedOut += count;
        return count;
    }

    /// Without a copy in between.
    @Override
    public long transferTo(OutputStream target) throws IOException {
        long before = handedOut;
        for (BlobReader.Content content = content(); content != null; content = content()) {
            int count = Math.min(PIECE_BYTES, content.length() - position);
            target.write(content.bytes(), position, count);
            position += count;
            handedOut += count;
        }
        requireWhole();
        return handedOut - before;
    }

    private BlobReader.@Nullable Content content() {
        BlobReader.Content content = current;
        while (content == null || position == content.length()) {
            if (content != null) {
                fetcher.give(content);
                current = null;
            }
            content = next();
            if (content == null) {
                return null;
            }
            current = content;
            position = 0;
        }
        return content;
    }

    private BlobReader.@Nullable Content next() {
        try {
            BlobFetcher.Ahead first = ahead.poll();
            if (first != null) {
                BlobReader.Content content = fetcher.await(first);
                fill();
                return content;
            }
            if (nextChunk == node.chunkCount()) {
                return null;
            }
            BlobReader.Content content = fetcher.read(node.chunk(nextChunk++));
            fill();
            return content;
        } catch (ProblemException e) {
            throw Damage.is(e) ? Damage.in(path, e) : e;
        }
    }

    private void requireWhole() {
        if (handedOut != node.size()) {
            throw Damage.of(
                    "'" + path + "' is damaged",
                    "its blobs hold " + handedOut + " bytes, its directory says " + node.size());
        }
    }

    /// Waits for what is being read ahead.
    @Override
    public void close() {
        nextChunk = node.chunkCount();
        while (!ahead.isEmpty()) {
            try {
                fetcher.give(fetcher.await(ahead.remove()));
            } catch (ProblemException _) {
                // Nobody asked for these bytes, so their damage is nobody's yet; a check will name it.
            }
        }
    }
}
