package io.pgcharter.capability.watch;

import java.time.Duration;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/// Ends what a virtual thread waits for when its time is over: interrupting it closes the socket it waits on, so
/// that no server, however it hangs, holds a thread or a connection longer.
final class Deadline implements AutoCloseable {
    private final Thread thread = Thread.currentThread();
    private final @Nullable Future<?> end;
    private boolean armed = true;
    private boolean passed;

    /// From now on the current thread has `limit` left. Close it when the work is done.
    Deadline(ScheduledExecutorService timer, Duration limit) {
        end = timer.schedule(this::pass, limit.toMillis(), TimeUnit.MILLISECONDS);
    }

    private synchronized void pass() {
        if (armed) {
            passed = true;
            thread.interrupt();
        }
    }

    /// Whether time was over before the work was.
    synchronized boolean passed() {
        return passed;
    }

    @Override
    public synchronized void close() {
        armed = false;
        if (end != null) {
            end.cancel(false);
        }
        if (passed) {
            // It was meant for the work that is over now.
            boolean unused = Thread.interrupted();
        }
    }
}
