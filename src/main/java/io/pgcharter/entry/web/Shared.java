package io.pgcharter.entry.web;

import java.time.Duration;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// What costs a look into the control database and many ask for at once: looked up by the first who asks, told to all
/// who ask meanwhile and for a moment after. However many look at a page, the control database is asked once a second.
/// Thread-safe.
///
/// @param <T> immutable
final class Shared<T> {
    /// How old it may be.
    static final Duration AGE_MAX = Duration.ofSeconds(1);

    private final Supplier<T> look;
    private final LongSupplier nanos;
    private @Nullable FutureTask<T> newest;
    private long begun;

    /// @param nanos a clock that only goes forward
    Shared(Supplier<T> look, LongSupplier nanos) {
        this.look = look;
        this.nanos = nanos;
    }

    /// As it is now, or was at most [#AGE_MAX] before the last look was over. What keeps the look from succeeding is
    /// thrown to all who wait for it; who comes later has it looked up again.
    T get() {
        FutureTask<T> task = task();
        task.run(); // by whoever comes first; the others go on to wait
        try {
            return task.get();
        } catch (ExecutionException e) {
            forget(task);
            switch (e.getCause()) {
                case RuntimeException problem -> throw problem;
                case Error fault -> throw fault;
                case null, default -> throw new IllegalStateException(e);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while another request looked it up", e);
        }
    }

    private synchronized FutureTask<T> task() {
        FutureTask<T> known = newest;
        long now = nanos.getAsLong();
        if (known != null && (!known.isDone() || now - begun < AGE_MAX.toNanos())) {
            return known;
        }
        FutureTask<T> made = new FutureTask<>(look::get);
        newest = made;
        begun = now;
        return made;
    }

    /// Somebody changed something here and wants to see it at once.
    synchronized void forget() {
        newest = null;
    }

    private synchronized void forget(FutureTask<T> failed) {
        if (newest == failed) {
            newest = null;
        }
    }
}
