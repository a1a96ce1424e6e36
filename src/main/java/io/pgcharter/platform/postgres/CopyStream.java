package io.pgcharter.platform.postgres;

import io.pgcharter.model.problem.ProblemException;
import java.io.IOException;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/// Sends a `COPY … FROM STDIN`. A listening thread reads the server's answer meanwhile, so that an error stops the
/// stream at the next write instead of after gigabytes, and notices never block the server.
final class CopyStream extends Session.CopyIn {
    private static final int HEADER_BYTES = 5;
    private static final int FRAME_BYTES_MAX = 128 * 1024;

    private final Wire wire;
    private final Exchange exchange;
    private final Thread listener;
    private final byte[] frame = new byte[HEADER_BYTES + FRAME_BYTES_MAX];
    private int frameLength;
    private boolean ended;

    /// Written by the listener before it ends.
    private volatile @Nullable RuntimeException failure;

    private long count;

    private CopyStream(Wire wire, Exchange exchange) {
        this.wire = wire;
        this.exchange = exchange;
        this.listener = Thread.ofVirtual().name("pgcharter-copy-answer").unstarted(this::listen);
    }

    static CopyStream begin(Wire wire, Exchange exchange) {
        CopyStream stream = new CopyStream(wire, exchange);
        exchange.copying(true);
        wire.patient(true);
        stream.listener.start();
        return stream;
    }

    private void listen() {
        try {
            exchange.untilReady(type -> {
                if (type == 'C') {
                    count = Exchange.count(wire.string());
                } else if (type == 'E') {
                    throw new IllegalStateException("errors are taken before");
                }
            });
        } catch (ProblemException | IllegalStateException reported) {
            failure = reported;
        }
    }

    @Override
    public void write(int single) {
        if (frameLength == FRAME_BYTES_MAX) {
            sendFrame();
        }
        frame[HEADER_BYTES + frameLength++] = (byte) single;
    }

    @Override
    public void write(byte[] bytes, int offset, int length) {
        Objects.checkFromIndexSize(offset, length, bytes.length);
        if (length <= FRAME_BYTES_MAX - frameLength) {
            System.arraycopy(bytes, offset, frame, HEADER_BYTES + frameLength, length);
            frameLength += length;
            return;
        }
        sendFrame();
        int sent = 0;
        for (; length - sent >= FRAME_BYTES_MAX; sent += FRAME_BYTES_MAX) {
            sendDirectly(bytes, offset + sent, FRAME_BYTES_MAX);
        }
        System.arraycopy(bytes, offset + sent, frame, HEADER_BYTES, length - sent);
        frameLength = length - sent;
    }

    @Override
    public void flush() {
        sendFrame();
    }

    private void sendFrame() {
        requireOpen();
        if (frameLength == 0) {
            return;
        }
        Wire.header(frame, 0, 'd', frameLength);
        send(frame, 0, HEADER_BYTES + frameLength);
        frameLength = 0;
    }

    /// The frame is empty here: it lends its header.
    private void sendDirectly(byte[] bytes, int offset, int length) {
        requireOpen();
        Wire.header(frame, 0, 'd', length);
        send(frame, 0, HEADER_BYTES);
        send(bytes, offset, length);
    }

    private void requireOpen() {
        if (ended) {
            throw new IllegalStateException("the COPY has ended");
        }
        RuntimeException reported = failure;
        if (reported != null) {
            end();
            throw reported;
        }
    }

    private void send(byte[] bytes, int offset, int length) {
        try {
            wire.write(bytes, offset, length);
        } catch (IOException broken) {
            // The server's last words, if it had any, say more than the broken pipe.
            awaitAnswer();
            end();
            RuntimeException reported = failure;
            throw reported != null ? reported : exchange.lost(broken);
        }
    }

    @Override
    public long finish() {
        sendFrame();
        Wire.header(frame, 0, 'c', 0);
        send(frame, 0, HEADER_BYTES);
        awaitAnswer();
        end();
        RuntimeException reported = failure;
        if (reported != null) {
            throw reported;
        }
        return count;
    }

    /// Without [#finish()] before it, rolls the COPY back. The failure that this makes is the expected answer.
    @Override
    public void close() {
        if (ended) {
            return;
        }
        try {
            if (failure == null) {
                wire.begin('f').putString("given up by pgcharter").endMessage().flush();
            }
        } catch (IOException broken) {
            // The connection is gone, and the COPY with it.
            exchange.abandon();
        }
        awaitAnswer();
        end();
    }

    private void end() {
        ended = true;
        exchange.copying(false);
        wire.patient(false);
        wire.silence().end();
    }

    private void awaitAnswer() {
        wire.patient(false);
        boolean interrupted = false;
        while (listener.isAlive()) {
            try {
                listener.join();
            } catch (InterruptedException stopped) {
                // The listener ends at once when its connection closes; the interrupt is passed on afterwards.
                interrupted = true;
                exchange.abandon();
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }
}
