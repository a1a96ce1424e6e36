package io.pgcharter.capability.release;

import io.pgcharter.model.alert.Notice.Change;
import io.pgcharter.model.migration.Recorded;
import io.pgcharter.model.migration.Release;
import io.pgcharter.model.migration.Release.Content;
import io.pgcharter.model.migration.Release.Entry;
import io.pgcharter.model.migration.Release.Mark;
import io.pgcharter.model.migration.Release.Step;
import io.pgcharter.model.operation.Operation;
import io.pgcharter.model.operation.Report;
import io.pgcharter.model.operation.Run;
import io.pgcharter.model.operation.SchemaOperation;
import io.pgcharter.model.problem.ProblemCode;
import io.pgcharter.model.problem.ProblemException;
import io.pgcharter.platform.dump.BackupCatalog;
import io.pgcharter.platform.postgres.Session;
import io.pgcharter.platform.repository.Repositories;
import io.pgcharter.platform.repository.Repository;
import io.pgcharter.policy.charter.Charter;
import io.pgcharter.policy.charter.ReleasePlan.Back;
import io.pgcharter.policy.migration.Ledger.Standing;
import java.time.Instant;
import java.time.InstantSource;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/// What is done at each step. Each can be taken again by somebody else, wherever it was stopped.
final class Steps {
    private final Charter charter;
    private final Footing footing;
    private final Repositories repositories;
    private final Means means;
    private final InstantSource clock;

    /// Those that do steps of their own.
    record Means(Tidings tidings, Verifying verifying, Watcher watcher) {}

    Steps(Charter charter, Footing footing, Repositories repositories, Means means, InstantSource clock) {
        this.charter = charter;
        this.footing = footing;
        this.repositories = repositories;
        this.means = means;
        this.clock = clock;
    }

    /// @throws ProblemException why it went wrong
    Ended take(Step step, Release release, Run run) {
        return switch (step) {
            case PINNED -> throw new IllegalStateException("what is pinned is known before there is a release");
            case WINDOW -> window();
            case BACKUP -> backup(run);
            case TOLD -> told(release, Change.PLANNED, "a release of " + names(release) + " begins", List.of());
            case CLOSED, RECLOSED -> closed();
            case APPLIED -> applied(release, run);
            case VERIFIED -> means.verifying().verify(release, run);
            case OPENED, REOPENED -> Ended.done("health", "200").closing(false);
            case WATCHED -> means.watcher().watch(release, run);
            case ENDED ->
                told(
                        release,
                        Change.DONE,
                        "the release of " + names(release) + " is done, verified and watched",
                        List.of());
            case RETURNED -> new Returning(footing, run).take(release);
            case COMPARED -> new Returning(footing, run).compare(release);
            case REPORTED -> reported(release);
        };
    }

    private static String names(Release release) {
        return release.migrations().stream().map(Content::name).collect(Collectors.joining(", "));
    }

    private Ended window() {
        Instant now = clock.instant();
        return footing.plan()
                .window()
                .map(window -> {
                    if (!window.contains(now)) {
                        throw new ProblemException(
                                ProblemCode.WINDOW_CLOSED,
                                "releases to '" + footing.database() + "' take place " + window,
                                "it is " + now + "; the window opens at " + window.opensAfter(now)
                                        + ". Nothing was touched",
                                "then: pgcharter release " + footing.database());
                    }
                    return Ended.done("window", window.toString());
                })
                .orElseGet(() -> Ended.done("window", "at any time"));
    }

    /// One that is there is proven by listing the repository that holds it.
    private Ended backup(Run run) {
        Instant notBefore = newest();
        Optional<BackupCatalog.Entry> recent = footing.plan()
                .backupWithin()
                .map(within -> clock.instant().minus(within))
                .map(since -> since.isAfter(notBefore) ? since : notBefore)
                .flatMap(this::since);
        if (recent.isPresent()) {
            return evidence(recent.get().id().text(), recent.get().snapshot().time(), "was there");
        }
        var taken = (Report.Backup) run.submit(new Operation.Backup(footing.database(), footing.repository()));
        return evidence(taken.backup().text(), taken.takenAt(), "taken now");
    }

    private Ended evidence(String backup, Instant at, String how) {
        Map<String, String> evidence = new LinkedHashMap<>();
        evidence.put("backup", backup);
        evidence.put("repository", footing.repository().text());
        evidence.put("of", at.toString());
        evidence.put("how", how);
        return Ended.done(evidence);
    }

    private Optional<BackupCatalog.Entry> since(Instant since) {
        Charter.RepositoryPlace place = charter.repository(footing.repository());
        try (Repository repository = repositories.open(place.storage(), place.password())) {
            return BackupCatalog.of(repository.snapshots()).backups(footing.database()).stream()
                    .filter(entry -> !entry.snapshot().time().isBefore(since))
                    .filter(entry -> !entry.snapshot().time().isAfter(clock.instant()))
                    .findFirst();
        }
    }

    /// A backup from before the last migration would be no way back to what is there now.
    private Instant newest() {
        if (footing.plan().back() != Back.BACKUP) {
            return Instant.MIN;
        }
        try (Session session = footing.open()) {
            return footing.history().read(session).stream()
                    .map(Recorded::at)
                    .flatMap(Optional::stream)
                    .max(Instant::compareTo)
                    .orElse(Instant.MIN);
        }
    }

    private Ended told(Release release, Change change, String message, List<String> details) {
        return Ended.done("told", means.tidings().tell(release, change, message, details, clock.instant()));
    }

    private Ended closed() {
        return footing.plan().isUnavailable()
                ? Ended.done("health", "503").closing(true)
                : Ended.done("health", "200, as the charter has it");
    }

    private Ended applied(Release release, Run run) {
        footing.requireUnchanged(release);
        try {
            run.submit(new SchemaOperation.MigrateUp(
                    footing.database(),
                    Optional.of(release.migrations().getLast().name())));
        } catch (ProblemException e) {
            if (Conduct.isOfTheRun(e)) {
                throw e;
            }
            return Ended.failed(isClean() ? Mark.FAILED : Mark.HELD, e.problem());
        }
        footing.requireUnchanged(release);
        return Ended.done("migrations", names(release));
    }

    /// Whether nothing is half done. Of what cannot be asked it is not known.
    private boolean isClean() {
        try (Session session = footing.open()) {
            return footing.ledger(session).entries().stream().noneMatch(entry -> entry.standing() == Standing.FAILED);
        } catch (ProblemException unreachable) {
            // The failure to be told is the first one.
            return false;
        }
    }

    private Ended reported(Release release) {
        boolean isBack = release.done(Step.COMPARED).isPresent();
        String what = isBack ? "was rolled back" : "went wrong, and the database stays as it is";
        return told(
                release,
                Change.FAILED,
                "the release of " + names(release) + " " + what,
                Conduct.trouble(release).stream()
                        .map(Entry::evidence)
                        .map(evidence -> evidence.getOrDefault("fact", "") + ": " + evidence.getOrDefault("cause", ""))
                        .toList());
    }
}
