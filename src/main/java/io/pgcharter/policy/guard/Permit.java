package io.pgcharter.policy.guard;

import io.pgcharter.model.operation.Operation;
import io.pgcharter.model.problem.ProblemCode;
import io.pgcharter.model.problem.ProblemException;
import java.time.Instant;
import java.time.InstantSource;
import java.util.concurrent.atomic.AtomicBoolean;

/// Leave to carry out one operation, once, soon. Only the guard can make one, so work that takes a permit cannot be
/// reached around the guard.
public final class Permit {
    private final Operation operation;
    private final Instant expiresAt;
    private final InstantSource clock;
    private final AtomicBoolean spent = new AtomicBoolean();

    Permit(Operation operation, Instant expiresAt, InstantSource clock) {
        this.operation = operation;
        this.expiresAt = expiresAt;
        this.clock = clock;
    }

    /// Spends the permit on `wanted`. The first line of every capability.
    ///
    /// @throws ProblemException `PERMIT_INVALID` if it was made for another operation, is spent, or has expired
    public void consume(Operation wanted) {
        if (!operation.equals(wanted)) {
            throw invalid("it was given for " + operation);
        }
        if (!clock.instant().isBefore(expiresAt)) {
            throw invalid("it expired at " + expiresAt);
        }
        if (!spent.compareAndSet(false, true)) {
            throw invalid("it was used before");
        }
    }

    private ProblemException invalid(String cause) {
        return new ProblemException(
                ProblemCode.PERMIT_INVALID,
                "the permit for " + operation.verb() + " does not hold",
                cause,
                "submit the operation through the engine again");
    }
}
