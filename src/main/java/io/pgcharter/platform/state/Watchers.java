package io.pgcharter.platform.state;

import java.time.Duration;
import java.util.List;
import org.jdbi.v3.core.Jdbi;

/// The runs that watch, on all nodes. Thread-safe.
public final class Watchers {
    /// A run says every 5 s that it lives. One that has been silent for so long is counted out, so that others take
    /// its databases.
    private static final Duration SILENCE_MAX = Duration.ofSeconds(30);

    private final Jdbi jdbi;

    public Watchers(State state) {
        this.jdbi = state.jdbi();
    }

    /// Ids of the runs that watch now, in order.
    public List<String> live() {
        return jdbi.withHandle(handle -> handle.createQuery("""
                        SELECT id FROM pgcharter.run
                        WHERE verb = 'watch' AND ended_at IS NULL
                          AND seen_at > clock_timestamp() - :seconds * interval '1 second'
                        ORDER BY id""")
                .bind("seconds", SILENCE_MAX.toSeconds())
                .mapTo(String.class)
                .list());
    }
}
