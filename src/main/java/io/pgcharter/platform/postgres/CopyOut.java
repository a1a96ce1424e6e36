package io.pgcharter.platform.postgres;

import io.pgcharter.model.problem.ProblemException;
import java.io.IOException;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/// Receives a `COPY … TO STDOUT`. Rows are handed on where they stand in the wire's buffer; only a row that the sender
/// split over several messages is put together first, and one that is longer than the sink takes whole is handed on in
/// stretches. In binary format each message is handed on as it is: PostgreSQL sends a row in each.
final class CopyOut {
    private final Wire wire;
    private final Exchange exchange;
    private byte[] split = new byte[0];
    private int splitLength;
    private boolean inStretches;
    private boolean isBinary;

    CopyOut(Wire wire, Exchange exchange) {
        this.wire = wire;
        this.exchange = exchange;
    }

    long run(Session.RowSink sink) {
        ServerError error = null;
        boolean copied = false;
        boolean ended = false;
        long count = 0;
        try {
            while (!ended) {
                int type = wire.next(sink.rowBytesMax());
                switch (type) {
                    case 'd' -> data(sink);
                    case 'H' -> {
                        copied = true;
                        isBinary = wire.int8() == 1;
                    }
                    case 'C' -> count = Exchange.count(wire.string());
                    case 'E' -> error = exchange.error(error);
                    case 'Z' -> ended = true;
                    default -> exchange.aside(type);
                }
            }
        } catch (IOException broken) {
            ended = true;
            throw exchange.lost(broken);
        } finally {
            if (!ended) {
                // The sink gave up: the rest of the answer is not worth waiting for.
                exchange.abandon();
            }
        }
        return check(error, copied, count);
    }

    private long check(@Nullable ServerError error, boolean copied, long count) {
        if (error != null) {
            throw new ProblemException(exchange.problem(error));
        }
        if (!copied) {
            throw new IllegalStateException("this is no COPY … TO STDOUT");
        }
        if (splitLength > 0 || inStretches) {
            throw new IllegalStateException("the COPY did not end with a line feed; it is not in text format");
        }
        return count;
    }

    private void data(Session.RowSink sink) throws IOException {
        if (wire.hasMore() || inStretches) {
            stretches(sink);
            return;
        }
        byte[] buffer = wire.buffer();
        int offset = wire.position();
        int length = wire.remaining();
        if (length == 0) {
            return;
        }
        boolean whole = isBinary || buffer[offset + length - 1] == '\n';
        if (whole && splitLength == 0) {
            sink.row(buffer, offset, length);
            return;
        }
        if (split.length - splitLength < length) {
            split = Arrays.copyOf(split, Math.max(Math.addExact(splitLength, length), splitLength * 2));
        }
        System.arraycopy(buffer, offset, split, splitLength, length);
        splitLength += length;
        if (whole) {
            int joined = splitLength;
            splitLength = 0;
            sink.row(split, 0, joined);
        }
    }

    private void stretches(Session.RowSink sink) throws IOException {
        if (splitLength > 0) {
            sink.stretch(split, 0, splitLength, false);
            splitLength = 0;
        }
        do {
            int length = wire.remaining();
            if (length > 0) {
                inStretches = wire.hasMore() || (!isBinary && wire.buffer()[wire.position() + length - 1] != '\n');
                sink.stretch(wire.buffer(), wire.position(), length, !inStretches);
            }
        } while (wire.more());
    }
}
