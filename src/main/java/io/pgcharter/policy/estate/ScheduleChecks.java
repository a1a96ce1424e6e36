package io.pgcharter.policy.estate;

import io.pgcharter.model.estate.JobTrouble;
import io.pgcharter.model.estate.OverdueJob;
import io.pgcharter.model.health.Answer;
import io.pgcharter.model.health.Level;
import io.pgcharter.model.health.Observation;
import io.pgcharter.policy.charter.SchedulePlan;
import java.time.Instant;
import java.util.List;
import java.util.Set;

/// Whether what the schedule asks for is done.
final class ScheduleChecks {
    private static final Answer NO_JOBS = new Answer.Moot("the charter schedules nothing");
    private static final Set<String> NOT_RUN = Set.of("missed", "skipped");
    private static final Set<String> RUN_IN_VAIN = Set.of("failed", "refused");

    private ScheduleChecks() {}

    /// Jobs that were not run when they were due; the value is how many times.
    static Answer missed(ScheduleEstate estate) {
        return troubles(estate, NOT_RUN);
    }

    /// Jobs that were run, or refused, and not done; the value is how many times.
    static Answer failed(ScheduleEstate estate) {
        return troubles(estate, RUN_IN_VAIN);
    }

    private static Answer troubles(ScheduleEstate estate, Set<String> outcomes) {
        if (isEmpty(estate)) {
            return NO_JOBS;
        }
        return new Answer.Seen(estate.troubles().stream()
                .filter(trouble -> outcomes.contains(trouble.outcome()) && estate.isWanted(trouble.job()))
                .map(trouble -> row(trouble, estate.now()))
                .toList());
    }

    private static Observation row(JobTrouble trouble, Instant now) {
        return Observation.of(
                trouble.job() + " " + trouble.target(),
                trouble.times(),
                trouble.outcome() + (trouble.times() == 1 ? "" : ", not done " + trouble.times() + " times in a row")
                        + ", last due " + Figures.age(trouble.dueAt(), now)
                        + trouble.reason().map(reason -> ": " + reason).orElse(""));
    }

    /// Whether somebody does what is due.
    static Answer served(ScheduleEstate estate) {
        if (isEmpty(estate)) {
            return NO_JOBS;
        }
        List<OverdueJob> overdue = estate.overdue().stream()
                .filter(job -> estate.isWanted(job.job()))
                .toList();
        if (estate.serving() > 0) {
            return new Answer.Seen(overdue.stream()
                    .map(job -> row(job, Level.WARN, "all workers of the nodes that serve are busy", estate.now()))
                    .toList());
        }
        if (overdue.isEmpty()) {
            return new Answer.Seen(
                    List.of(Observation.of("serve", Level.WARN, "no node serves this charter: pgcharter serve")));
        }
        return new Answer.Seen(overdue.stream()
                .map(job -> row(job, Level.CRIT, "no node serves this charter: pgcharter serve", estate.now()))
                .toList());
    }

    private static Observation row(OverdueJob job, Level level, String why, Instant now) {
        return Observation.of(
                job.job() + " " + job.target(),
                level,
                "due " + Figures.age(job.since(), now) + " and not begun: " + why);
    }

    private static boolean isEmpty(ScheduleEstate estate) {
        return estate.plan().jobs().values().stream().noneMatch(SchedulePlan.Job::isEnabled);
    }
}
