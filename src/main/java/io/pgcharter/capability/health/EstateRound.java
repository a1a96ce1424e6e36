package io.pgcharter.capability.health;

import io.pgcharter.platform.state.State;
import io.pgcharter.platform.state.Verdicts;
import java.time.Duration;

/// Judges again and again what pgcharter looks after, and notes the verdicts. Thread-safe.
public final class EstateRound {
    /// How long a list of a repository is good for: listing one reads the header of every snapshot.
    private static final Duration LISTED = Duration.ofMinutes(10);

    private final EstateReading estate;
    private final Verdicts verdicts;

    public EstateRound(EstateReading estate, State state) {
        this.estate = estate;
        this.verdicts = new Verdicts(state);
    }

    /// Once, now: a few statements of the control database, and one for each database. Where the control database is
    /// gone there is nowhere to note it: that is thrown (`JdbiException`), and
    /// every verdict shows since when nothing was judged.
    ///
    /// @param goOn called now and then; throws if the work is to end
    public void run(Runnable goOn) {
        verdicts.enter(estate.all(LISTED, goOn));
    }
}
