package io.pgcharter.platform.state;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.OffsetDateTime;
import org.jdbi.v3.core.Jdbi;
import org.jdbi.v3.core.JdbiException;

/// The control database's time, which all nodes share: asked for once a minute, counted on from there by this
/// machine's steady clock. What somebody does to the machine's own time does not matter. Thread-safe.
public final class ControlClock implements InstantSource {
    private static final Duration FRESH = Duration.ofMinutes(1);

    private final Jdbi jdbi;
    private volatile Reading reading;

    /// @param nanos of the steady clock when the database said `time`
    private record Reading(Instant time, long nanos) {}

    public ControlClock(State state) {
        this.jdbi = state.jdbi();
        this.reading = read();
    }

    @Override
    public Instant instant() {
        Reading last = reading;
        if (System.nanoTime() - last.nanos() > FRESH.toNanos()) {
            try {
                last = read();
                reading = last;
            } catch (JdbiException _) {
                // It is away; until it is back the last reading is good enough, and nothing is handed out anyway.
            }
        }
        return last.time().plusNanos(System.nanoTime() - last.nanos());
    }

    private Reading read() {
        long asked = System.nanoTime();
        Instant time = jdbi.withHandle(handle -> handle.createQuery("SELECT clock_timestamp()")
                        .mapTo(OffsetDateTime.class)
                        .one())
                .toInstant();
        long answered = System.nanoTime();
        return new Reading(time, asked + (answered - asked) / 2);
    }
}
