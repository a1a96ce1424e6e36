package io.pgcharter.platform.dump;

import io.pgcharter.platform.postgres.Session;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;

/// Passes the bytes of a COPY on and adds its rows up. Used by one thread.
///
/// Binary format: <https://www.postgresql.org/docs/current/sql-copy.html>, "Binary Format". The header stands before
/// the first row in its message, the trailer in a message of its own; neither is part of a row.
final class Tally implements Session.RowSink {
    /// A row of this length is still hashed at once, which is faster.
    private static final int ROW_BYTES_MAX = 1024 * 1024;

    /// Signature, flags and the length of an extension that nobody uses.
    private static final int BINARY_HEADER_BYTES = 19;

    private static final short BINARY_TRAILER = -1;
    private static final VarHandle SHORT = MethodHandles.byteArrayViewVarHandle(short[].class, ByteOrder.BIG_ENDIAN);
    private static final VarHandle INT = MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.BIG_ENDIAN);

    private final RowForm form;
    private final OutputStream target;
    private final Fingerprint.Sum sum = new Fingerprint.Sum();
    private int headerLeft;
    private long bytes;

    Tally(RowForm form, OutputStream target) {
        this.form = form;
        this.target = target;
        this.headerLeft = form == RowForm.BINARY ? BINARY_HEADER_BYTES : 0;
    }

    Manifest.Totals totals() {
        return Manifest.Totals.of(sum.value(), bytes);
    }

    @Override
    public void row(byte[] buffer, int offset, int length) {
        switch (form) {
            case TEXT -> sum.add(buffer, offset, length - 1);
            case BINARY -> {
                int skipped = skipHeader(length);
                binaryRow(buffer, offset + skipped, length - skipped);
            }
        }
        pass(buffer, offset, length);
    }

    @Override
    public int rowBytesMax() {
        return ROW_BYTES_MAX;
    }

    @Override
    public void stretch(byte[] buffer, int offset, int length, boolean isLast) {
        switch (form) {
            case TEXT -> sum.addStretch(buffer, offset, isLast ? length - 1 : length, isLast);
            case BINARY -> {
                int skipped = skipHeader(length);
                sum.addStretch(buffer, offset + skipped, length - skipped, isLast);
            }
        }
        pass(buffer, offset, length);
    }

    private int skipHeader(int length) {
        int skipped = Math.min(headerLeft, length);
        headerLeft -= skipped;
        return skipped;
    }

    private void binaryRow(byte[] buffer, int offset, int length) {
        if (length == 0 || (length == Short.BYTES && (short) SHORT.get(buffer, offset) == BINARY_TRAILER)) {
            return;
        }
        requireOneRow(buffer, offset, length);
        sum.add(buffer, offset, length);
    }

    /// The protocol would allow a message to hold less or more than a row; a sum of such pieces would mean nothing.
    private static void requireOneRow(byte[] buffer, int offset, int length) {
        int end = offset + length;
        int at = offset + Short.BYTES;
        for (int field = at <= end ? (short) SHORT.get(buffer, offset) : 0; field > 0; field--) {
            int size = at + Integer.BYTES <= end ? (int) INT.get(buffer, at) : length;
            at += Integer.BYTES + Math.max(size, 0);
        }
        if (at != end) {
            throw new IllegalStateException("a message of a binary COPY does not hold one row");
        }
    }

    private void pass(byte[] buffer, int offset, int length) {
        bytes += length;
        try {
            target.write(buffer, offset, length);
        } catch (IOException e) {
            // Our streams throw ProblemException; the signature is OutputStream's.
            throw new UncheckedIOException(e);
        }
    }
}
