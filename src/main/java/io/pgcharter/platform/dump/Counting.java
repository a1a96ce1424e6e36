package io.pgcharter.platform.dump;

import io.pgcharter.model.operation.Run;
import java.io.IOException;
import java.io.OutputStream;

/// Passes bytes on and tells a step how many. Used by one thread.
final class Counting extends OutputStream {
    /// Bytes between two reports: a row at a time would cost more than the row.
    private static final long REPORT_BYTES = 1 << 20;

    private final OutputStream target;
    private final Run.Step step;
    private long unreported;
    private long total;

    Counting(OutputStream target, Run.Step step) {
        this.target = target;
        this.step = step;
    }

    @Override
    public void write(int b) throws IOException {
        write(new byte[] {(byte) b}, 0, 1);
    }

    @Override
    public void write(byte[] buffer, int offset, int length) throws IOException {
        target.write(buffer, offset, length);
        total += length;
        unreported += length;
        if (unreported >= REPORT_BYTES) {
            report();
        }
    }

    /// Bytes passed on so far.
    long total() {
        return total;
    }

    /// Tells the step what it has not heard of yet.
    void report() {
        step.add(unreported);
        unreported = 0;
    }

    @Override
    public void close() throws IOException {
        report();
        target.close();
    }
}
