package io.pgcharter.policy.estate;

import io.pgcharter.model.estate.JobTrouble;
import io.pgcharter.model.estate.OverdueJob;
import io.pgcharter.policy.charter.SchedulePlan;
import java.time.Instant;
import java.util.List;

/// What is known of the schedule.
///
/// @param now the control database's time
/// @param troubles also of jobs the charter has no more
/// @param overdue likewise
/// @param serving processes that serve
public record ScheduleEstate(
        Instant now, SchedulePlan plan, List<JobTrouble> troubles, List<OverdueJob> overdue, int serving) {
    public ScheduleEstate {
        troubles = List.copyOf(troubles);
        overdue = List.copyOf(overdue);
    }

    /// Whether the charter wants the job to run.
    boolean isWanted(String job) {
        SchedulePlan.Job planned = plan.jobs().get(job);
        return planned != null && planned.isEnabled();
    }
}
