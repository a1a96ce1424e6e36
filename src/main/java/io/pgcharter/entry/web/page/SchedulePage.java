package io.pgcharter.entry.web.page;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/// What happens by itself, what is next, and what did not happen.
///
/// @param jobs those that are due first
public record SchedulePage(List<Job> jobs) implements Page {
    public SchedulePage {
        jobs = List.copyOf(jobs);
    }

    @Override
    public String title() {
        return "Schedule";
    }

    @Override
    public String section() {
        return "schedule";
    }

    public long held() {
        return jobs.stream().filter(job -> job.held().isPresent()).count();
    }

    /// One job.
    ///
    /// @param what in words: `backup of payments`
    /// @param rule when, in words: `daily at 02:00 Europe/Berlin`
    /// @param where the line of the charter
    /// @param next empty if it is not to happen
    /// @param held why it does not happen: `flow is not enabled`
    public record Job(
            String what,
            String rule,
            String where,
            Optional<Instant> next,
            Optional<Last> last,
            Optional<String> held) {}

    /// When it last happened, or should have.
    ///
    /// @param run empty where nothing was begun
    /// @param late how long after its time it began
    /// @param note why it did not go well
    public record Last(
            Instant at, Optional<String> run, RunSummary.State state, Duration late, Optional<String> note) {}
}
