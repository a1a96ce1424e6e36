package io.pgcharter.policy.estate;

import io.pgcharter.model.estate.ListedBackup;
import io.pgcharter.model.estate.Listing;
import io.pgcharter.model.health.Answer;
import io.pgcharter.model.health.Observation;
import io.pgcharter.model.id.RepositoryName;
import io.pgcharter.model.place.StoragePlace;
import io.pgcharter.policy.charter.Charter.BackupPlan;
import io.pgcharter.policy.charter.Charter.RepositoryPlace;
import io.pgcharter.policy.charter.Charter.Retention;
import io.pgcharter.policy.retention.Candidate;
import io.pgcharter.policy.retention.RetentionRules;
import io.pgcharter.policy.retention.Verdict;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// Whether backups are still there that the charter's retention no longer keeps.
final class RetentionCheck {
    /// Retention is applied now and then; what it has had so long to forget, it has not been applied to.
    private static final Duration GRACE = Duration.ofDays(2);

    private RetentionCheck() {}

    /// For each repository, how many backups no rule kept two days ago already, of those that were there then.
    static Answer behind(DatabaseEstate estate) {
        BackupPlan plan = estate.charter().backups().get(estate.name());
        Optional<Retention> retention = Optional.ofNullable(plan).flatMap(BackupPlan::retention);
        if (plan == null || retention.isEmpty()) {
            return new Answer.Moot("its backup plan has no retention: everything is kept");
        }
        List<Observation> rows = new ArrayList<>();
        for (RepositoryName repository : plan.to()) {
            RepositoryPlace place = estate.charter().repository(repository);
            if (!place.isAppendOnly()) {
                rows.add(behind(estate, place, retention.get()));
            }
        }
        return rows.isEmpty()
                ? new Answer.Moot("from its repositories nothing is ever removed")
                : new Answer.Seen(rows);
    }

    private static Observation behind(DatabaseEstate estate, RepositoryPlace place, Retention retention) {
        String name = place.name().text();
        Listing listing = estate.listings().get(place.name());
        if (listing == null || !listing.isFresh(estate.now())) {
            return new Observation(
                    name,
                    Optional.empty(),
                    "the repository was not listed within the last hour",
                    Optional.empty(),
                    Optional.empty());
        }
        Instant then = estate.now().minus(GRACE);
        List<Candidate> candidates = estate.backups().stream()
                .filter(backup -> backup.repository().equals(place.name())
                        && !backup.takenAt().isAfter(then))
                .map(RetentionCheck::candidate)
                .toList();
        Instant unlocked = then.minus(lock(place));
        List<Candidate> overdue = RetentionRules.judge(candidates, retention, then).stream()
                .filter(verdict -> !verdict.isKept())
                .map(Verdict::candidate)
                .filter(candidate -> candidate.takenAt().isBefore(unlocked))
                .toList();
        String text = overdue.isEmpty()
                ? "retention has nothing left to forget from " + Figures.text(GRACE) + " ago"
                : overdue.size() + " backups that no rule has kept for " + Figures.text(GRACE)
                        + " are still there, the oldest of "
                        + overdue.getLast().takenAt();
        return Observation.of(name, overdue.size(), text);
    }

    /// What is locked cannot be forgotten yet.
    private static Duration lock(RepositoryPlace place) {
        return place.storage() instanceof StoragePlace.Bucket bucket
                ? bucket.writing()
                        .lock()
                        .map(lock -> Duration.ofDays(lock.days()))
                        .orElse(Duration.ZERO)
                : Duration.ZERO;
    }

    private static Candidate candidate(ListedBackup backup) {
        return new Candidate(backup.id().text(), backup.takenAt(), backup.provenAt(), backup.pinned(), List.of(), true);
    }
}
