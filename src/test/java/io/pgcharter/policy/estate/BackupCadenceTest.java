package io.pgcharter.policy.estate;

import static org.assertj.core.api.Assertions.assertThat;

import io.pgcharter.model.id.DatabaseName;
import io.pgcharter.policy.charter.SchedulePlan;
import io.pgcharter.policy.charter.SchedulePlan.Job;
import io.pgcharter.policy.charter.SchedulePlan.What;
import io.pgcharter.policy.schedule.Cadence;
import io.pgcharter.policy.schedule.Rhythm;
import java.time.DayOfWeek;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalTime;
import java.time.ZoneId;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/// How long a schedule leaves a database without a backup.
class BackupCadenceTest {
    private static final Instant OCTOBER = Instant.parse("2026-10-01T12:00:00Z");
    private static final DatabaseName SHOP = new DatabaseName("shop");
    private static final LocalTime TWO = LocalTime.of(2, 0);
    private static final Cadence DAILY = new Cadence.Daily(List.of(TWO));
    private static final Cadence SUNDAYS =
            new Cadence.Weekly(List.of(new Cadence.Weekday(DayOfWeek.SUNDAY, LocalTime.of(14, 0))));

    @Test
    void the_longest_day_of_the_year_counts_and_so_does_jitter() {
        assertThat(cadence(job(DAILY, "UTC", 0, true))).contains(Duration.ofHours(24));
        assertThat(cadence(job(DAILY, "Europe/Berlin", 0, true))).contains(Duration.ofHours(25));
        assertThat(cadence(job(DAILY, "UTC", 30, true))).contains(Duration.ofMinutes(24 * 60 + 30));
    }

    @Test
    void several_jobs_count_together() {
        assertThat(cadence(job(SUNDAYS, "UTC", 0, true))).contains(Duration.ofDays(7));
        assertThat(cadence(job(SUNDAYS, "UTC", 0, true), job(DAILY, "UTC", 0, true)))
                .contains(Duration.ofHours(24));
    }

    @Test
    void a_job_that_is_off_or_backs_up_another_database_does_not_count() {
        assertThat(cadence(job(DAILY, "UTC", 0, false))).isEmpty();
        assertThat(new BackupCadence(plan(job(DAILY, "UTC", 0, true)), OCTOBER).of(new DatabaseName("other")))
                .isEmpty();
    }

    private static Optional<Duration> cadence(Job... jobs) {
        return new BackupCadence(plan(jobs), OCTOBER).of(SHOP);
    }

    private static SchedulePlan plan(Job... jobs) {
        Map<String, Job> named = new LinkedHashMap<>();
        for (Job job : jobs) {
            named.put("job" + named.size(), job);
        }
        return new SchedulePlan(2, named);
    }

    private static Job job(Cadence cadence, String zone, int jitterMinutes, boolean isEnabled) {
        Rhythm rhythm = new Rhythm(
                cadence, ZoneId.of(zone), Duration.ofMinutes(jitterMinutes), Optional.empty(), List.of(), true);
        return new Job("job", new What.Backup(List.of(SHOP)), rhythm, isEnabled, Optional.empty(), List.of(), 1);
    }
}
