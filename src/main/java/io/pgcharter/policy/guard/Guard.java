package io.pgcharter.policy.guard;

import io.pgcharter.model.operation.Operation;
import io.pgcharter.policy.charter.Charter;
import java.time.InstantSource;

/// Judges operations by the charter. Stateless and thread-safe.
public final class Guard {
    private final Charter charter;
    private final InstantSource clock;

    /// @param clock what permits expire by
    public Guard(Charter charter, InstantSource clock) {
        this.charter = charter;
        this.clock = clock;
    }

    /// Decides, without doing anything. What no rule of the charter allows is denied.
    public Decision decide(Operation operation, Context context) {
        throw new IllegalStateException("not built yet: " + charter + clock);
    }
}
