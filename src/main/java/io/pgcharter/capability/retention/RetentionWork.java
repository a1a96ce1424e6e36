package io.pgcharter.capability.retention;

import io.pgcharter.model.id.BackupId;
import io.pgcharter.model.id.DatabaseName;
import io.pgcharter.model.id.RepositoryName;
import io.pgcharter.model.operation.Operation;
import io.pgcharter.model.operation.Report;
import io.pgcharter.model.operation.Run;
import io.pgcharter.platform.dump.BackupCatalog;
import io.pgcharter.platform.repository.Repositories;
import io.pgcharter.platform.repository.Repository;
import io.pgcharter.platform.repository.Snapshot;
import io.pgcharter.platform.repository.SnapshotRemover;
import io.pgcharter.policy.charter.Charter;
import io.pgcharter.policy.charter.Charter.BackupPlan;
import io.pgcharter.policy.charter.Charter.Retention;
import io.pgcharter.policy.guard.Permit;
import io.pgcharter.policy.retention.Candidate;
import io.pgcharter.policy.retention.RetentionRules;
import io.pgcharter.policy.retention.Verdict;
import java.time.InstantSource;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/// The operations `retention …`: what [RetentionRules] make of the backups of a database in a repository. Thread-safe.
public final class RetentionWork {
    private static final List<String> NO_RETENTION = List.of("the backup plan has no retention");

    private final Charter charter;
    private final Repositories repositories;
    private final InstantSource clock;

    public RetentionWork(Charter charter, Repositories repositories, InstantSource clock) {
        this.charter = charter;
        this.repositories = repositories;
        this.clock = clock;
    }

    public Report.RetentionPlan plan(Permit permit, Operation.RetentionPlan operation, Run run) {
        permit.consume(operation);
        run.check();
        try (Repository repository = open(operation.repository())) {
            return new Report.RetentionPlan(
                    operation.database(),
                    operation.repository(),
                    rows(BackupCatalog.of(repository.snapshots()), operation.database()));
        }
    }

    /// Forgets what [#plan] would show as removed at this moment, each backup before the notes on it.
    /// Stopped halfway, it has forgotten some of them; run again, it forgets the rest. Where the storage
    /// locks what it keeps, the locks of what is kept are extended first, and what is locked stays for now.
    public Report.RetentionApply apply(Permit permit, Operation.RetentionApply operation, Run run) {
        permit.consume(operation);
        run.check();
        try (Repository repository = open(operation.repository())) {
            repository.extendLocks(() -> kept(repository, operation.database()), _ -> run.check());
            return forget(repository, operation, run);
        }
    }

    /// What the rules keep, with all that is noted of it.
    private List<Snapshot> kept(Repository repository, DatabaseName database) {
        BackupCatalog catalog = BackupCatalog.of(repository.snapshots());
        return rows(catalog, database).stream()
                .filter(Report.RetentionRow::isKept)
                .flatMap(row -> catalog.require(row.backup()).all().stream())
                .toList();
    }

    private Report.RetentionApply forget(Repository repository, Operation.RetentionApply operation, Run run) {
        try (SnapshotRemover remover = repository.remove()) {
            BackupCatalog catalog = BackupCatalog.of(remover.snapshots());
            List<Report.RetentionRow> rows = rows(catalog, operation.database());
            Set<BackupId> locked = new HashSet<>();
            run.fence();
            List<Report.RetentionRow> unkept =
                    rows.stream().filter(row -> !row.isKept()).toList();
            try (Run.Step step = run.begin("forgetting backups", unkept.size(), Run.Unit.ITEMS)) {
                for (Report.RetentionRow row : unkept) {
                    run.check();
                    if (!forget(catalog.require(row.backup()), remover)) {
                        locked.add(row.backup());
                    }
                    step.add(1);
                }
                catalog.strayProofs(operation.database()).forEach(remover::hide);
            }
            List<Report.RetentionRow> done = rows.stream()
                    .map(row -> locked.contains(row.backup()) ? keptByLock(row) : row)
                    .toList();
            return new Report.RetentionApply(operation.database(), operation.repository(), done);
        }
    }

    /// Proofs are younger than their backup, and locked for longer: they do not keep it.
    ///
    /// @return false if Object Lock keeps it for now
    private static boolean forget(BackupCatalog.Entry backup, SnapshotRemover remover) {
        boolean isForgotten = remover.removeUnlessLocked(backup.snapshot());
        if (isForgotten) {
            backup.notes().forEach(remover::hide);
        }
        return isForgotten;
    }

    private static Report.RetentionRow keptByLock(Report.RetentionRow row) {
        return new Report.RetentionRow(
                row.backup(), row.takenAt(), true, List.of("no rule keeps it, but Object Lock does for now"));
    }

    private List<Report.RetentionRow> rows(BackupCatalog catalog, DatabaseName database) {
        List<BackupCatalog.Entry> backups = catalog.backups(database);
        Optional<Retention> retention =
                Optional.ofNullable(charter.backups().get(database)).flatMap(BackupPlan::retention);
        if (retention.isEmpty()) {
            return backups.stream()
                    .map(entry ->
                            new Report.RetentionRow(entry.id(), entry.snapshot().time(), true, NO_RETENTION))
                    .toList();
        }
        List<Candidate> candidates =
                backups.stream().map(RetentionWork::candidate).toList();
        return RetentionRules.judge(candidates, retention.get(), clock.instant()).stream()
                .map(RetentionWork::row)
                .toList();
    }

    /// A logical backup is whole or not listed, and stands by itself.
    private static Candidate candidate(BackupCatalog.Entry entry) {
        return new Candidate(
                entry.snapshot().id(), entry.snapshot().time(), entry.provenAt(), entry.pinned(), List.of(), true);
    }

    private static Report.RetentionRow row(Verdict verdict) {
        Candidate candidate = verdict.candidate();
        return new Report.RetentionRow(
                new BackupId(candidate.id()), candidate.takenAt(), verdict.isKept(), verdict.reasons());
    }

    private Repository open(RepositoryName name) {
        Charter.RepositoryPlace place = charter.repository(name);
        return repositories.open(place.storage(), place.password());
    }
}
