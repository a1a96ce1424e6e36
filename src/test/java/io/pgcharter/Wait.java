package io.pgcharter;

import java.time.Duration;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;

/// Waits for what another thread, process or server brings about.
public final class Wait {
    /// Longer than anything here takes on a busy machine.
    private static final Duration TIME_MAX = Duration.ofSeconds(60);

    private static final Duration PAUSE = Duration.ofMillis(20);

    private Wait() {}

    /// Returns once `condition` holds; fails the test if it does not come to hold.
    ///
    /// @param what is waited for, as the end of "this did not happen: "
    public static void until(String what, BooleanSupplier condition) {
        until(what, TIME_MAX, condition);
    }

    /// As [#until(String, BooleanSupplier)], where the time it may take is what is tested.
    static void until(String what, Duration limit, BooleanSupplier condition) {
        long end = System.nanoTime() + limit.toNanos();
        while (!condition.getAsBoolean()) {
            if (System.nanoTime() - end > 0) {
                throw new AssertionError("within " + limit.toSeconds() + " s this did not happen: " + what);
            }
            LockSupport.parkNanos(PAUSE.toNanos());
        }
    }
}
