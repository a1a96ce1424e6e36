package io.pgcharter.platform.postgres;

import java.io.EOFException;
import java.io.IOException;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/// Messages of the frontend/backend protocol 3.0 in both directions:
/// <https://www.postgresql.org/docs/current/protocol-message-formats.html>. A message is read in place: [#next()]
/// makes its whole body stand in [#buffer()] and the readers walk through it. One thread reads, one thread writes.
final class Wire implements AutoCloseable {
    private static final VarHandle INT = MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.BIG_ENDIAN);
    private static final VarHandle SHORT = MethodHandles.byteArrayViewVarHandle(short[].class, ByteOrder.BIG_ENDIAN);

    private static final int HEADER_BYTES = 5;
    /// What a read buffer begins with: a session that is kept open for small answers stays small. One that is read
    /// full is doubled, up to the next limit.
    private static final int READ_BUFFER_FIRST_BYTES = 8 * 1024;

    private static final int READ_BUFFER_BYTES = 256 * 1024;
    /// A read buffer that a long row made larger than this is let go once the row is done.
    private static final int READ_BUFFER_KEPT_BYTES_MAX = 8 * 1024 * 1024;
    /// The server builds messages of less than 1 GiB.
    private static final int MESSAGE_BYTES_MAX = 1 << 30;

    private final Transport transport;
    private final Silence silence;
    private byte[] buffer = new byte[READ_BUFFER_FIRST_BYTES];
    private int start;
    private int limit;
    private int position;
    private int end;
    private int unread;
    private volatile boolean patient;
    private byte[] out = new byte[1024];
    private int outLimit;
    private int outMessage;

    Wire(Transport transport) {
        this.transport = transport;
        this.silence = new Silence(transport);
    }

    Transport transport() {
        return transport;
    }

    /// Bounds how long one wait for the server may last.
    Silence silence() {
        return silence;
    }

    /// Lets reads last as long as they like, for a reader that only listens while another thread writes.
    void patient(boolean endless) {
        patient = endless;
        if (!endless) {
            silence.begin();
        }
    }

    // --- reading ---

    /// Reads the next message; what was left of the one before is dropped.
    ///
    /// @return its type, one of the protocol's letters
    int next() throws IOException {
        return next(Integer.MAX_VALUE);
    }

    /// As [#next()], but of a CopyData message with a longer body only the first bytes stand in the buffer;
    /// [#more()] brings the others.
    int next(int copyBytesMax) throws IOException {
        if (unread > 0) {
            throw new IllegalStateException("the message before is not read to its end");
        }
        start = end;
        if (limit - start < HEADER_BYTES) {
            fill(HEADER_BYTES);
        }
        int length = (int) INT.get(buffer, start + 1);
        if (length < 4 || length > MESSAGE_BYTES_MAX) {
            throw new ProtocolException("a message of " + length + " bytes");
        }
        position = start + HEADER_BYTES;
        if (buffer[start] == 'd' && length > copyBytesMax && limit - start <= length) {
            end = limit;
            unread = start + 1 + length - limit;
            return 'd';
        }
        if (limit - start <= length) {
            fill(length + 1);
            position = HEADER_BYTES;
        }
        end = start + 1 + length;
        return buffer[start];
    }

    /// Brings the next stretch of a message that [#next(int)] did not read whole, in the place of the one before.
    ///
    /// @return false if there is none
    boolean more() throws IOException {
        if (unread == 0) {
            return false;
        }
        start = 0;
        position = 0;
        end = 0;
        limit = 0;
        receive(Math.min(buffer.length, unread));
        end = limit;
        unread -= limit;
        return true;
    }

    /// Whether the message has stretches that [#more()] brings.
    boolean hasMore() {
        return unread > 0;
    }

    /// Where the message's body stands, from [#position()] for [#remaining()] bytes; valid until the next
    /// [#next()].
    byte[] buffer() {
        return buffer;
    }

    int position() {
        return position;
    }

    int remaining() {
        return end - position;
    }

    int int8() throws IOException {
        require(1);
        return buffer[position++];
    }

    int int16() throws IOException {
        require(2);
        position += 2;
        return (short) SHORT.get(buffer, position - 2);
    }

    int int32() throws IOException {
        require(4);
        position += 4;
        return (int) INT.get(buffer, position - 4);
    }

    byte[] bytes(int length) throws IOException {
        require(length);
        byte[] bytes = new byte[length];
        System.arraycopy(buffer, position, bytes, 0, length);
        position += length;
        return bytes;
    }

    String text(int length) throws IOException {
        require(length);
        position += length;
        return new String(buffer, position - length, length, StandardCharsets.UTF_8);
    }

    /// A string up to its zero byte.
    String string() throws IOException {
        int zero = position;
        while (zero < end && buffer[zero] != 0) {
            zero++;
        }
        if (zero == end) {
            throw new ProtocolException("a string without an end");
        }
        String string = new String(buffer, position, zero - position, StandardCharsets.UTF_8);
        position = zero + 1;
        return string;
    }

    private void require(int length) throws IOException {
        if (length < 0 || length > end - position) {
            throw new ProtocolException("a field of " + length + " bytes in the last " + (end - position));
        }
    }

    /// Reads until `needed` bytes stand in the buffer from `start`, which moves to the front.
    private void fill(int needed) throws IOException {
        int held = limit - start;
        byte[] target = buffer;
        if (needed > Math.max(buffer.length, READ_BUFFER_BYTES)) {
            target = new byte[Math.addExact(needed, READ_BUFFER_BYTES)];
        } else if (needed > buffer.length || (limit == buffer.length && buffer.length < READ_BUFFER_BYTES)) {
            target = new byte[Math.min(READ_BUFFER_BYTES, Math.max(needed, 2 * buffer.length))];
        } else if (buffer.length > READ_BUFFER_KEPT_BYTES_MAX
                && needed <= READ_BUFFER_BYTES
                && held <= READ_BUFFER_BYTES) {
            target = new byte[READ_BUFFER_BYTES];
        }
        System.arraycopy(buffer, start, target, 0, held);
        buffer = target;
        start = 0;
        end = 0;
        position = 0;
        limit = held;
        while (limit < needed) {
            receive(buffer.length - limit);
        }
    }

    /// Reads what is there, at least one byte, at most `bytesMax`.
    private void receive(int bytesMax) throws IOException {
        if (!patient) {
            silence.begin();
        }
        int count = transport.read(buffer, limit, bytesMax);
        silence.end();
        if (count < 0) {
            throw new EOFException("the server closed the connection");
        }
        limit += count;
    }

    // --- writing ---

    /// Begins a message; the previous one is complete.
    Wire begin(char type) {
        room(HEADER_BYTES);
        out[outLimit] = (byte) type;
        outMessage = outLimit + 1;
        outLimit += HEADER_BYTES;
        return this;
    }

    /// Begins one of the messages that have no type: startup, SSLRequest, CancelRequest.
    Wire beginUntyped() {
        room(4);
        outMessage = outLimit;
        outLimit += 4;
        return this;
    }

    Wire put8(int value) {
        room(1);
        out[outLimit++] = (byte) value;
        return this;
    }

    Wire put16(int value) {
        room(2);
        SHORT.set(out, outLimit, (short) value);
        outLimit += 2;
        return this;
    }

    Wire put32(int value) {
        room(4);
        INT.set(out, outLimit, value);
        outLimit += 4;
        return this;
    }

    Wire put(byte[] bytes) {
        room(bytes.length);
        System.arraycopy(bytes, 0, out, outLimit, bytes.length);
        outLimit += bytes.length;
        return this;
    }

    /// @throws IllegalArgumentException if the text holds a zero character, which would end it early
    Wire putString(String text) {
        if (text.indexOf('\0') >= 0) {
            throw new IllegalArgumentException("text for the server holds a zero character");
        }
        return put(text.getBytes(StandardCharsets.UTF_8)).put8(0);
    }

    Wire endMessage() {
        INT.set(out, outMessage, outLimit - outMessage);
        return this;
    }

    /// Sends what was put, and forgets it, so that no password stays in memory.
    void flush() throws IOException {
        int length = outLimit;
        outLimit = 0;
        try {
            write(out, 0, length);
        } finally {
            Arrays.fill(out, 0, length, (byte) 0);
            if (out.length > READ_BUFFER_KEPT_BYTES_MAX) {
                out = new byte[1024];
            }
        }
    }

    /// Sends bytes that are framed already.
    void write(byte[] bytes, int offset, int length) throws IOException {
        silence.begin();
        transport.write(bytes, offset, length);
        silence.end();
    }

    /// Writes the header of a message whose body has `length` bytes into `target`.
    static void header(byte[] target, int offset, char type, int length) {
        target[offset] = (byte) type;
        INT.set(target, offset + 1, length + 4);
    }

    private void room(int length) {
        if (out.length - outLimit < length) {
            out = Arrays.copyOf(out, Math.max(out.length * 2, Math.addExact(outLimit, length)));
        }
    }

    /// Closes the transport; waits elsewhere end with an [IOException].
    @Override
    public void close() throws IOException {
        silence.close();
        transport.close();
    }

    /// The peer sends what the protocol does not know.
    static final class ProtocolException extends IOException {
        private static final long serialVersionUID = 1L;

        ProtocolException(String what) {
            super("the server does not speak PostgreSQL's protocol: it sent " + what);
        }
    }
}
