package io.pgcharter.entry.web.page;

import io.pgcharter.engine.engine.RunRow;
import io.pgcharter.entry.corridor.OperationText;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/// One run in a line.
///
/// @param what in words: `backup of payments into onsite`
/// @param subjects what it touches: `database/payments`
/// @param note why it did not go well
public record RunSummary(
        String run,
        String verb,
        String what,
        String person,
        String node,
        List<String> subjects,
        Instant begunAt,
        Optional<Instant> endedAt,
        State state,
        Optional<String> note) {
    public RunSummary {
        subjects = List.copyOf(subjects);
    }

    public static RunSummary of(RunRow row) {
        return new RunSummary(
                row.run(),
                row.verb(),
                OperationText.of(row.operation()),
                row.person(),
                row.node(),
                row.subjects(),
                row.begunAt(),
                row.endedAt(),
                state(row),
                Ending.of(row.ending()).trouble().map(Trouble::fact));
    }

    private static State state(RunRow row) {
        return switch (row.outcome().orElse("")) {
            case "" -> State.RUNNING;
            case "done" -> State.DONE;
            case "lost" -> State.LOST;
            default ->
                Ending.of(row.ending())
                                .trouble()
                                .filter(trouble -> trouble.code().equals("CANCELLED"))
                                .isPresent()
                        ? State.CANCELLED
                        : State.FAILED;
        };
    }

    public Duration lasting(Instant now) {
        Duration lasting = Duration.between(begunAt, endedAt.orElse(now));
        return lasting.isNegative() ? Duration.ZERO : lasting;
    }

    /// How a run is.
    public enum State {
        RUNNING,
        DONE,
        FAILED,
        CANCELLED,
        /// Its process is gone.
        LOST,
        /// Of a job, not of a run: it waits for somebody, or for its time.
        WAITING,
        /// Of a job: the charter wants it left out then.
        SKIPPED,
        /// Of a job: the charter forbids it.
        REFUSED,
        /// Of a job: nobody was there to begin it.
        MISSED
    }
}
