package io.pgcharter.platform.repository;

import io.pgcharter.model.problem.ProblemCode;
import io.pgcharter.model.problem.ProblemException;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/// The first thing that went wrong on any thread of a writer. Everybody else stops by it.
final class FirstFailure {
    private final AtomicReference<@Nullable Throwable> failure = new AtomicReference<>();

    void report(Throwable thrown) {
        failure.compareAndSet(null, thrown);
    }

    boolean isPresent() {
        return failure.get() != null;
    }

    /// Throws the failure here, if there is one: as itself if it is a problem, so that the reader sees what happened.
    void rethrow() {
        Throwable thrown = failure.get();
        if (thrown instanceof ProblemException problem) {
            throw new ProblemException(problem.problem(), problem);
        }
        if (thrown != null) {
            throw new IllegalStateException("a worker of the repository failed", thrown);
        }
    }

    static ProblemException interrupted(InterruptedException e) {
        Thread.currentThread().interrupt();
        return new ProblemException(
                new io.pgcharter.model.problem.Problem(
                        ProblemCode.CANCELLED,
                        "the work on the repository was interrupted",
                        "the thread was asked to stop",
                        "run it again"),
                e);
    }
}
