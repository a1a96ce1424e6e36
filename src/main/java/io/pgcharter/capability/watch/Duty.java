package io.pgcharter.capability.watch;

import java.util.concurrent.Delayed;
import java.util.concurrent.TimeUnit;

/// Something the watch does again and again. It is never done twice at the same time: while it is done it stands in
/// no queue, and its next time is a multiple of its rhythm that is still to come.
final class Duty implements Delayed {
    private final String name;
    private final long everyNanos;
    private final Work work;
    private final Runnable end;
    private long nextNanos;
    private volatile boolean dropped;

    /// One time. Blocking is fine: each has a virtual thread.
    @FunctionalInterface
    interface Work {
        void run() throws InterruptedException;
    }

    /// @param offset where within the rhythm the first time is, 0 to 1: spreads the load
    /// @param end done once, in place of the next time, after it was dropped
    Duty(String name, long everyNanos, double offset, Work work, Runnable end) {
        this.name = name;
        this.everyNanos = everyNanos;
        this.work = work;
        this.end = end;
        this.nextNanos = System.nanoTime() + (long) (everyNanos * offset);
    }

    Duty(String name, long everyNanos, double offset, Work work) {
        this(name, everyNanos, offset, work, () -> {});
    }

    String name() {
        return name;
    }

    void run() throws InterruptedException {
        work.run();
    }

    void end() {
        end.run();
    }

    /// Not to be done again.
    void drop() {
        dropped = true;
    }

    boolean isDropped() {
        return dropped;
    }

    /// Goes to the next time that is still to come. @return how many times were missed
    long advance() {
        long behind = Math.max(0, System.nanoTime() - nextNanos);
        long missed = behind / everyNanos;
        nextNanos += (missed + 1) * everyNanos;
        return missed;
    }

    @Override
    public long getDelay(TimeUnit unit) {
        return unit.convert(nextNanos - System.nanoTime(), TimeUnit.NANOSECONDS);
    }

    @Override
    public int compareTo(Delayed other) {
        return Long.compare(nextNanos - ((Duty) other).nextNanos, 0);
    }
}
