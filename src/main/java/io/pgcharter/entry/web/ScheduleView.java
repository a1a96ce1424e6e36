package io.pgcharter.entry.web;

import io.pgcharter.engine.schedule.JobRow;
import io.pgcharter.engine.schedule.JobRun;
import io.pgcharter.engine.schedule.ScheduleReading;
import io.pgcharter.entry.web.page.RunSummary;
import io.pgcharter.entry.web.page.SchedulePage;
import io.pgcharter.policy.charter.Charter;
import io.pgcharter.policy.charter.SchedulePlan;
import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.Optional;

/// The page of the schedule.
final class ScheduleView {
    private static final Comparator<SchedulePage.Job> DUE_FIRST =
            Comparator.comparing((SchedulePage.Job job) -> job.next().orElse(Instant.MAX));

    private ScheduleView() {}

    static SchedulePage of(Charter charter, ScheduleReading schedule) {
        return new SchedulePage(schedule.jobs().stream()
                .map(row -> job(charter, row))
                .sorted(DUE_FIRST)
                .toList());
    }

    private static SchedulePage.Job job(Charter charter, JobRow row) {
        SchedulePlan.Job job = charter.serving().schedule().jobs().get(row.job());
        boolean isHeld = switch (row.state()) {
            case "off", "waiting", "overdue" -> true;
            default -> false;
        };
        return new SchedulePage.Job(
                row.verb() + " of " + row.target(),
                row.job() + ": " + row.cadence() + " " + row.zone(),
                job == null ? charter.file() : charter.where(job.line()),
                row.state().equals("off") ? Optional.empty() : row.beginsAt(),
                row.last().map(ScheduleView::last),
                isHeld ? row.reason().or(() -> Optional.of(row.state())) : Optional.empty());
    }

    private static SchedulePage.Last last(JobRun run) {
        Duration late = Duration.between(run.dueAt(), run.startedAt());
        return new SchedulePage.Last(
                run.startedAt(),
                run.run(),
                state(run.outcome()),
                late.isNegative() ? Duration.ZERO : late,
                run.reason());
    }

    private static RunSummary.State state(String outcome) {
        return switch (outcome) {
            case "running" -> RunSummary.State.RUNNING;
            case "done" -> RunSummary.State.DONE;
            case "waiting" -> RunSummary.State.WAITING;
            case "skipped" -> RunSummary.State.SKIPPED;
            case "refused" -> RunSummary.State.REFUSED;
            case "missed" -> RunSummary.State.MISSED;
            default -> RunSummary.State.FAILED;
        };
    }
}
