package io.pgcharter.policy.estate;

import io.pgcharter.model.id.DatabaseName;
import io.pgcharter.policy.charter.SchedulePlan;
import io.pgcharter.policy.charter.SchedulePlan.What;
import io.pgcharter.policy.schedule.Rhythm;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// How long the schedule may leave a database without a new backup. Used by one thread at a time.
public final class BackupCadence {
    /// Two months hold the longest gap of what comes monthly or more often.
    private static final Duration AHEAD = Duration.ofDays(62);

    /// Enough for two weeks of what comes every ten minutes.
    private static final int INSTANTS_MAX = 2_000;

    private final SchedulePlan plan;
    private final Instant now;
    private final Map<List<Rhythm>, Optional<Duration>> known = new HashMap<>();

    public BackupCadence(SchedulePlan plan, Instant now) {
        this.plan = plan;
        this.now = now;
    }

    /// The longest pause between two backups that jobs of the schedule take of it, all such jobs together, their jitter
    /// included. Empty where no job does that is enabled.
    public Optional<Duration> of(DatabaseName database) {
        List<Rhythm> rhythms = plan.jobs().values().stream()
                .filter(SchedulePlan.Job::isEnabled)
                .filter(job -> job.what() instanceof What.Backup(var databases) && databases.contains(database))
                .map(SchedulePlan.Job::rhythm)
                .toList();
        return known.computeIfAbsent(rhythms, this::longestGap);
    }

    private Optional<Duration> longestGap(List<Rhythm> rhythms) {
        Optional<Instant> last = next(rhythms, now);
        Optional<Duration> longest = Optional.empty();
        for (int count = 0; count < INSTANTS_MAX && last.isPresent(); count++) {
            Instant from = last.get();
            Optional<Instant> next = next(rhythms, from);
            Optional<Duration> gap = next.map(to -> Duration.between(from, to));
            longest = longest.filter(soFar -> gap.isEmpty() || soFar.compareTo(gap.get()) >= 0)
                    .or(() -> gap);
            last = next.filter(at -> at.isBefore(now.plus(AHEAD)));
        }
        return longest.map(gap -> gap.plus(jitter(rhythms)));
    }

    private static Optional<Instant> next(List<Rhythm> rhythms, Instant after) {
        return rhythms.stream().flatMap(rhythm -> rhythm.next(after).stream()).min(Instant::compareTo);
    }

    private static Duration jitter(List<Rhythm> rhythms) {
        return rhythms.stream().map(Rhythm::jitter).max(Duration::compareTo).orElse(Duration.ZERO);
    }
}
