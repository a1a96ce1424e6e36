package io.pgcharter.capability.release;

import io.pgcharter.model.operation.Run;
import io.pgcharter.model.problem.Problem;
import io.pgcharter.model.problem.ProblemCode;
import io.pgcharter.model.problem.ProblemException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/// Time that passes while a run may still be stopped.
final class Pause {
    private static final long CHECK_MILLIS = 200;

    private Pause() {}

    /// @throws ProblemException `CANCELLED`, `LEASE_LOST`
    static void of(Duration time, Run run) {
        long end = System.nanoTime() + time.toNanos();
        for (long left = time.toNanos(); left > 0; left = end - System.nanoTime()) {
            moment(Math.min(left, TimeUnit.MILLISECONDS.toNanos(CHECK_MILLIS)), run);
        }
        run.check();
    }

    /// By the clock, which may be set meanwhile.
    static void until(Instant end, InstantSource clock, Run run) {
        while (clock.instant().isBefore(end)) {
            moment(TimeUnit.MILLISECONDS.toNanos(CHECK_MILLIS), run);
        }
        run.check();
    }

    private static void moment(long nanos, Run run) {
        run.check();
        try {
            boolean unused = new CountDownLatch(1).await(nanos, TimeUnit.NANOSECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new ProblemException(
                    new Problem(
                            ProblemCode.CANCELLED,
                            "the wait was interrupted",
                            "the run was stopped",
                            "run it again: it goes on"),
                    e);
        }
    }
}
