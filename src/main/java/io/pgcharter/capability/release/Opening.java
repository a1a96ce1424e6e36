package io.pgcharter.capability.release;

import io.pgcharter.model.migration.Release;
import io.pgcharter.model.operation.Run;
import io.pgcharter.model.problem.ProblemCode;
import io.pgcharter.model.problem.ProblemException;
import io.pgcharter.platform.state.Rehearsals;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Optional;

/// Waits for the charter's window to open. What can be known to be wrong then is said before.
final class Opening {
    private final Footing footing;
    private final Rehearsals rehearsals;
    private final InstantSource clock;

    Opening(Footing footing, Rehearsals rehearsals, InstantSource clock) {
        this.footing = footing;
        this.rehearsals = rehearsals;
        this.clock = clock;
    }

    /// @param open one that is taken up; if something of it was applied, no window is asked for
    /// @throws ProblemException `WINDOW_CLOSED` if it opens later than that; what keeps a release from beginning
    void await(Optional<Release> open, Duration longest, Run run) {
        Instant now = clock.instant();
        Optional<Instant> opens =
                footing.plan().window().filter(window -> !window.contains(now)).map(window -> window.opensAfter(now));
        if (opens.isEmpty() || open.filter(Release::isApplied).isPresent()) {
            return;
        }
        if (opens.get().isAfter(now.plus(longest))) {
            throw new ProblemException(
                    ProblemCode.WINDOW_CLOSED,
                    "releases to '" + footing.database() + "' take place "
                            + footing.plan().window().get(),
                    "it is " + now + "; the window opens at " + opens.get() + ", and --wait says no longer than "
                            + longest.toMinutes() + " minutes. Nothing was touched",
                    "then: pgcharter release " + footing.database());
        }
        // What counts is how old the rehearsal will be.
        if (new Pinning(footing, rehearsals, InstantSource.fixed(opens.get()))
                .check(run)
                .isEmpty()) {
            return;
        }
        try (Run.Step _ = run.begin("waiting for the window, which opens at " + opens.get(), 0, Run.Unit.ITEMS)) {
            Pause.until(opens.get(), clock, run);
        }
    }
}
