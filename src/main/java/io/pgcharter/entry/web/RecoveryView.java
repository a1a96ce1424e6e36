package io.pgcharter.entry.web;

import io.pgcharter.engine.engine.RunHistory;
import io.pgcharter.entry.web.page.DatabasePage;
import io.pgcharter.entry.web.page.Recovery;
import io.pgcharter.model.estate.ListedBackup;
import io.pgcharter.model.id.DatabaseName;
import io.pgcharter.policy.charter.Charter;
import io.pgcharter.policy.estate.BackupCadence;
import io.pgcharter.policy.estate.BackupPromise;
import io.pgcharter.policy.estate.BackupPromise.Taken;
import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/// A database's backups on a line in time, held against what the charter promises.
final class RecoveryView {
    private static final Duration SHOWN = Duration.ofDays(35);

    private final Charter charter;
    private final RunHistory runs;
    private final Instant now;

    RecoveryView(Charter charter, RunHistory runs, Instant now) {
        this.charter = charter;
        this.runs = runs;
        this.now = now;
    }

    /// @param seen its backups in every repository, as they were listed
    /// @param holdings the same, and those that were taken since
    Recovery of(DatabaseName database, List<ListedBackup> seen, DatabasePage.Holdings holdings) {
        Optional<BackupPromise> promise =
                BackupPromise.of(charter, new BackupCadence(charter.serving().schedule(), now), database);
        return Recovery.of(
                now.minus(SHOWN),
                now,
                promise.map(promised -> goal(promised, database, seen)),
                holdings.backups().stream()
                        .map(row -> new Recovery.Point(row.abbreviated(), row.at(), row.proof()))
                        .toList());
    }

    private Recovery.Goal goal(BackupPromise promise, DatabaseName database, List<ListedBackup> seen) {
        Instant from = now.minus(SHOWN).minus(promise.tolerated());
        List<Taken> taken = runs.done("backup", "database/" + database, from).stream()
                .map(run -> new Taken(run.from(), run.until()))
                .toList();
        return new Recovery.Goal(
                promise.every(), promise.tolerated(), since(promise, seen, taken), promise.released(seen, taken, now));
    }

    /// Nothing is missed before there was a backup. Nor is it from before the first run that is known, where retention
    /// may have removed what was there.
    private Instant since(BackupPromise promise, List<ListedBackup> seen, List<Taken> taken) {
        Instant first = Stream.concat(
                        seen.stream().map(ListedBackup::takenAt), taken.stream().map(Taken::from))
                .min(Comparator.naturalOrder())
                .orElse(now);
        Instant known = promise.retention().isPresent() ? runs.oldest().orElse(now) : first;
        return known.isAfter(first) ? known : first;
    }
}
