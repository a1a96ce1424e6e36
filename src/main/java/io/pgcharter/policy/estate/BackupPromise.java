package io.pgcharter.policy.estate;

import io.pgcharter.model.estate.ListedBackup;
import io.pgcharter.model.id.DatabaseName;
import io.pgcharter.policy.charter.Charter;
import io.pgcharter.policy.charter.Charter.BackupPlan;
import io.pgcharter.policy.charter.Charter.Retention;
import io.pgcharter.policy.check.Checkbook;
import io.pgcharter.policy.check.Judging.Thresholds;
import io.pgcharter.policy.check.Standards;
import io.pgcharter.policy.check.Standards.Adjustment;
import io.pgcharter.policy.retention.Candidate;
import io.pgcharter.policy.retention.RetentionRules;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.stream.Stream;

/// How often the charter promises a new backup of a database: what the check `backup-age` holds it to, seen over a
/// longer time.
///
/// @param every the time between two backups: that of the schedule, or the age at which `backup-age` warns
/// @param tolerated a pause up to which nobody is told
/// @param retention which backups are to be kept; empty for all
public record BackupPromise(Duration every, Duration tolerated, Optional<Retention> retention) {
    static final String CHECK = "backup-age";

    /// A node's clock may differ so much from the control database's.
    private static final Duration CLOCK_TOLERANCE = Duration.ofMinutes(5);

    /// Empty where the charter plans no backup of it, or wants nobody to be told of an old one.
    public static Optional<BackupPromise> of(Charter charter, BackupCadence cadence, DatabaseName database) {
        BackupPlan plan = charter.backups().get(database);
        if (plan == null) {
            return Optional.empty();
        }
        return scheduled(charter, cadence, database)
                .map(every -> new BackupPromise(every, late(every), plan.retention()))
                .or(() -> threshold(charter).map(age -> new BackupPromise(age, age, plan.retention())));
    }

    /// How often the schedule takes a backup. Empty where it does not, or where the charter sets thresholds of its own:
    /// they count for more.
    public static Optional<Duration> scheduled(Charter charter, BackupCadence cadence, DatabaseName database) {
        Adjustment adjusted = standards(charter).adjustments().get(CHECK);
        boolean isAdjusted = adjusted != null
                && (adjusted.warn().isPresent() || adjusted.crit().isPresent());
        return isAdjusted ? Optional.empty() : cadence.of(database);
    }

    /// From when on a backup that comes `every` so often is late: half a period after it was due.
    static Duration late(Duration every) {
        return every.multipliedBy(3).dividedBy(2);
    }

    private static Optional<Duration> threshold(Charter charter) {
        Standards standards = standards(charter);
        Checkbook checks = Checkbook.published();
        if (!checks.isMade(CHECK, standards)) {
            return Optional.empty();
        }
        return checks.check(CHECK)
                .judging()
                .limits()
                .map(own -> standards.thresholds(checks.check(CHECK), own))
                .flatMap(BackupPromise::first);
    }

    private static Optional<Duration> first(Thresholds thresholds) {
        OptionalDouble age = thresholds.warn().isPresent() ? thresholds.warn() : thresholds.crit();
        return age.isPresent() ? Optional.of(Duration.ofSeconds(Math.round(age.getAsDouble()))) : Optional.empty();
    }

    private static Standards standards(Charter charter) {
        return charter.serving().watch().standards();
    }

    /// From when to when a backup was taken, by the control database's clock.
    public record Taken(Instant from, Instant until) {
        private boolean isOf(ListedBackup backup) {
            return !backup.takenAt().isBefore(from.minus(CLOCK_TOLERANCE))
                    && !backup.takenAt().isAfter(until.plus(CLOCK_TOLERANCE));
        }
    }

    /// When backups were taken that are no longer there, as it should be: retention keeps them no longer. Those that it
    /// would keep are not among them; where they went, somebody should ask.
    ///
    /// @param listed what is there, in whatever repository
    /// @param taken what was taken, also of what is there
    public List<Instant> released(List<ListedBackup> listed, List<Taken> taken, Instant now) {
        if (retention.isEmpty()) {
            return List.of();
        }
        List<Candidate> gone = new ArrayList<>();
        for (Taken one : taken) {
            if (listed.stream().noneMatch(one::isOf)) {
                gone.add(new Candidate(
                        "taken " + one.from(), one.from(), Optional.empty(), Optional.empty(), List.of(), true));
            }
        }
        Stream<Candidate> present = listed.stream()
                .map(backup -> new Candidate(
                        backup.identity(), backup.takenAt(), backup.provenAt(), backup.pinned(), List.of(), true));
        List<Candidate> all = Stream.concat(present, gone.stream()).toList();
        return RetentionRules.judge(all, retention.get(), now).stream()
                .filter(verdict -> !verdict.isKept() && gone.contains(verdict.candidate()))
                .map(verdict -> verdict.candidate().takenAt())
                .toList();
    }
}
