package io.pgcharter.policy.estate;

import io.pgcharter.model.estate.ListedBackup;
import io.pgcharter.model.estate.Listing;
import io.pgcharter.model.health.Answer;
import io.pgcharter.model.health.Level;
import io.pgcharter.model.health.Observation;
import io.pgcharter.model.id.RepositoryName;
import io.pgcharter.policy.charter.Charter.BackupPlan;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// How old a database's backups and proofs are, and in how many places they lie.
final class BackupChecks {
    /// A backup dated later than this after now was dated by a clock that was wrong. It counts for nothing: it
    /// would look new for as long as that clock was ahead.
    private static final Duration CLOCK_TOLERANCE = Duration.ofMinutes(5);

    private static final Answer NO_PLAN = new Answer.Moot("the charter plans no backup of it");

    private BackupChecks() {}

    /// For each repository of the plan, how old the newest backup is.
    static Answer age(DatabaseEstate estate) {
        Optional<BackupPlan> plan = plan(estate);
        if (plan.isEmpty()) {
            return NO_PLAN;
        }
        List<Observation> rows = new ArrayList<>();
        for (RepositoryName repository : plan.get().to()) {
            rows.add(unlisted(estate, repository).orElseGet(() -> age(estate, repository)));
            estate.backups().stream()
                    .filter(backup -> backup.repository().equals(repository) && isFuture(backup, estate.now()))
                    .findFirst()
                    .ifPresent(backup -> rows.add(Observation.of(
                            repository + " clock",
                            Level.WARN,
                            "backup " + backup.id().text().substring(0, 8) + " is dated in the future, "
                                    + backup.takenAt() + ", and is not counted: a clock is or was wrong")));
        }
        return new Answer.Seen(rows);
    }

    private static Observation age(DatabaseEstate estate, RepositoryName repository) {
        Optional<ListedBackup> newest = newest(estate, repository);
        if (newest.isEmpty()) {
            return Observation.of(
                    repository.text(),
                    Level.CRIT,
                    "no backup of it is there: none has ever succeeded, or all are gone");
        }
        Duration age = Duration.between(newest.get().takenAt(), estate.now());
        String text = "the newest backup is of " + Figures.age(newest.get().takenAt(), estate.now());
        return estate.cadence()
                .map(cadence -> Observation.of(
                        repository.text(),
                        level(age, cadence),
                        text + ", the schedule takes one every " + Figures.text(cadence)))
                .orElseGet(() -> Observation.of(
                        repository.text(), Figures.seconds(newest.get().takenAt(), estate.now()), text));
    }

    /// One that is late by half a period is a warning; that a whole one was left out is critical.
    private static Level level(Duration age, Duration cadence) {
        if (age.compareTo(cadence.multipliedBy(2)) >= 0) {
            return Level.CRIT;
        }
        return age.compareTo(BackupPromise.late(cadence)) >= 0 ? Level.WARN : Level.OK;
    }

    /// How long ago a backup was last proven; of one that never was, how long there has been something to prove.
    static Answer proofAge(DatabaseEstate estate) {
        Optional<BackupPlan> plan = plan(estate);
        if (plan.isEmpty()) {
            return NO_PLAN;
        }
        Optional<Instant> proven = estate.backups().stream()
                .flatMap(backup -> backup.provenAt().stream())
                .filter(at -> !at.isAfter(estate.now().plus(CLOCK_TOLERANCE)))
                .max(Comparator.naturalOrder());
        Optional<Observation> unlisted = plan.get().to().stream()
                .flatMap(repository -> unlisted(estate, repository).stream())
                .findFirst();
        if (unlisted.isPresent()) {
            // A proof that is known happened; but a newer one may be where nobody could look.
            return new Answer.Seen(List.of(unlisted.get()));
        }
        Optional<Instant> since = proven.or(
                () -> estate.backups().stream().map(ListedBackup::takenAt).min(Comparator.naturalOrder()));
        if (since.isEmpty()) {
            return new Answer.Moot("there is no backup that could be proven");
        }
        String age = Figures.age(since.get(), estate.now());
        return new Answer.Seen(List.of(Observation.of(
                "proof",
                Figures.seconds(since.get(), estate.now()),
                proven.isPresent()
                        ? "a backup of it was last restored and proven " + age
                        : "no backup of it was ever restored and proven; the first was taken " + age)));
    }

    /// By how much the second place lags behind the one with the newest backup. Only of protected databases.
    static Answer places(DatabaseEstate estate) {
        if (plan(estate).isEmpty()) {
            return NO_PLAN;
        }
        var environment = estate.charter()
                .environment(estate.charter().database(estate.name()).environment());
        if (!environment.isProtected()) {
            return new Answer.Moot("its environment '" + environment.name() + "' is not protected");
        }
        Map<String, Instant> newest = new HashMap<>();
        for (RepositoryName repository : estate.charter().repositories().keySet()) {
            newest(estate, repository)
                    .ifPresent(backup -> newest.merge(
                            estate.places().getOrDefault(repository, repository.text()),
                            backup.takenAt(),
                            (one, other) -> one.isAfter(other) ? one : other));
        }
        if (newest.isEmpty()) {
            return new Answer.Moot("there is no backup of it anywhere");
        }
        List<Map.Entry<String, Instant>> places = newest.entrySet().stream()
                .sorted(Map.Entry.<String, Instant>comparingByValue().reversed())
                .toList();
        if (places.size() == 1) {
            return new Answer.Seen(List.of(onlyOne(estate, places.getFirst().getKey())));
        }
        return new Answer.Seen(List.of(Observation.of(
                "places",
                Figures.seconds(places.get(1).getValue(), places.get(0).getValue()),
                "its newest backups lie in " + places.get(0).getKey() + ", of "
                        + Figures.age(places.get(0).getValue(), estate.now()) + ", and in "
                        + places.get(1).getKey() + ", of "
                        + Figures.age(places.get(1).getValue(), estate.now()))));
    }

    /// Where a repository could not be looked at, a second place may be there all the same.
    private static Observation onlyOne(DatabaseEstate estate, String place) {
        return estate.charter().repositories().keySet().stream()
                .flatMap(repository -> unlisted(estate, repository).stream())
                .findFirst()
                .orElseGet(() -> Observation.of(
                        "places",
                        Level.WARN,
                        "all its backups lie in one place, " + place + ": if that is lost, they are"));
    }

    /// A row that says why nothing can be said of the repository; empty if something can.
    private static Optional<Observation> unlisted(DatabaseEstate estate, RepositoryName repository) {
        Listing listing = estate.listings().get(repository);
        if (listing != null && listing.isFresh(estate.now())) {
            return Optional.empty();
        }
        String known = listing == null || listing.listedAt().isEmpty()
                ? "the repository could not be listed so far"
                : "the repository was last listed "
                        + Figures.age(listing.listedAt().get(), estate.now());
        String trouble = listing == null
                ? ""
                : listing.trouble()
                        .map(found -> "; " + found.code() + ": " + found.text())
                        .orElse("");
        return Optional.of(new Observation(
                repository.text(), Optional.empty(), known + trouble, Optional.empty(), Optional.empty()));
    }

    private static Optional<ListedBackup> newest(DatabaseEstate estate, RepositoryName repository) {
        return estate.backups().stream()
                .filter(backup -> backup.repository().equals(repository) && !isFuture(backup, estate.now()))
                .max(Comparator.comparing(ListedBackup::takenAt));
    }

    private static boolean isFuture(ListedBackup backup, Instant now) {
        return backup.takenAt().isAfter(now.plus(CLOCK_TOLERANCE));
    }

    private static Optional<BackupPlan> plan(DatabaseEstate estate) {
        return Optional.ofNullable(estate.charter().backups().get(estate.name()));
    }
}
