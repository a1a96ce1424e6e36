package io.pgcharter.platform.postgres;

import io.pgcharter.model.problem.Problem;
import io.pgcharter.model.problem.ProblemCode;
import io.pgcharter.model.problem.ProblemException;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;

/// Statements that do not get a lock. Others wait behind whoever waits for one, so an attempt is short, and there is a
/// pause before the next one.
public final class LockWait {
    /// `lock_not_available` and `deadlock_detected`.
    private static final Set<String> LOCKED = Set.of("55P03", "40P01");

    private static final Duration PAUSE_FIRST = Duration.ofMillis(200);
    private static final Duration PAUSE_MAX = Duration.ofSeconds(10);
    private static final long CHECK_MILLIS = 200;

    private LockWait() {}

    /// Whether a statement failed for want of a lock: it left nothing, and may succeed when it is tried again.
    public static boolean isIn(Problem problem) {
        return Session.sqlState(problem).filter(LOCKED::contains).isPresent();
    }

    /// Waits before the next attempt, by chance between 200 ms and a most that doubles each time up to 10 s: those
    /// who wait for one lock do not all come back at once.
    ///
    /// @param attempt how many there have been
    /// @param check called five times a second; what it throws ends the pause and is thrown
    public static void pause(int attempt, Runnable check) {
        long most = Math.min(PAUSE_MAX.toMillis(), PAUSE_FIRST.toMillis() << Math.min(attempt, 20));
        pause(Duration.ofMillis(ThreadLocalRandom.current().nextLong(PAUSE_FIRST.toMillis(), most + 1)), check);
    }

    /// @throws ProblemException `CANCELLED` if the thread is interrupted
    public static void pause(Duration time, Runnable check) {
        long end = System.nanoTime() + time.toNanos();
        CountDownLatch never = new CountDownLatch(1);
        try {
            for (long left = time.toNanos(); left > 0; left = end - System.nanoTime()) {
                check.run();
                boolean unused =
                        never.await(Math.min(left, TimeUnit.MILLISECONDS.toNanos(CHECK_MILLIS)), TimeUnit.NANOSECONDS);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new ProblemException(
                    new Problem(
                            ProblemCode.CANCELLED,
                            "the wait for a lock was interrupted",
                            "the run was stopped",
                            "run it again when it suits"),
                    e);
        }
    }
}
