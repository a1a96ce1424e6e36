package io.pgcharter.capability.repository;

import io.pgcharter.model.id.RepositoryName;
import io.pgcharter.model.operation.Operation;
import io.pgcharter.model.operation.Report;
import io.pgcharter.model.operation.Run;
import io.pgcharter.model.problem.ProblemCode;
import io.pgcharter.model.problem.ProblemException;
import io.pgcharter.platform.dump.BackupCatalog;
import io.pgcharter.platform.repository.Repositories;
import io.pgcharter.platform.repository.Repository;
import io.pgcharter.platform.repository.RepositoryStats;
import io.pgcharter.platform.repository.Snapshot;
import io.pgcharter.platform.repository.SnapshotRemover;
import io.pgcharter.policy.charter.Charter;
import io.pgcharter.policy.guard.Permit;
import java.util.List;
import java.util.Optional;

/// The operations `repository …`. Stateless and thread-safe.
public final class RepositoryWork {
    private final Charter charter;
    private final Repositories repositories;

    public RepositoryWork(Charter charter, Repositories repositories) {
        this.charter = charter;
        this.repositories = repositories;
    }

    public Report.RepositoryInit init(Permit permit, Operation.RepositoryInit operation, Run run) {
        permit.consume(operation);
        run.check();
        Charter.RepositoryPlace place = place(operation.repository());
        try (Run.Step _ = run.begin("making the repository", 0, Run.Unit.ITEMS);
                Repository repository = init(place, operation.like())) {
            return new Report.RepositoryInit(operation.repository(), repository.id(), repository.location());
        }
    }

    private Repository init(Charter.RepositoryPlace place, Optional<RepositoryName> like) {
        if (like.isEmpty()) {
            return repositories.init(place.storage(), place.password());
        }
        try (Repository model = open(like.get())) {
            return repositories.init(place.storage(), place.password(), model);
        }
    }

    public Report.RepositoryList list(Permit permit, Operation.RepositoryList operation, Run run) {
        permit.consume(operation);
        run.check();
        try (Repository repository = open(operation.repository())) {
            return new Report.RepositoryList(
                    operation.repository(),
                    repository.snapshots().stream()
                            .map(snapshot -> new Report.SnapshotRow(
                                    snapshot.id(), snapshot.time(), snapshot.host(), snapshot.paths(), snapshot.tags()))
                            .toList());
        }
    }

    /// Forgets a backup and the proofs of it, or a snapshot that is no backup.
    ///
    /// @throws ProblemException `BACKUP_PINNED`
    public Report.RepositoryForget forget(Permit permit, Operation.RepositoryForget operation, Run run) {
        permit.consume(operation);
        run.check();
        try (Repository repository = open(operation.repository());
                SnapshotRemover remover = repository.remove()) {
            Optional<BackupCatalog.Entry> backup =
                    BackupCatalog.of(remover.snapshots()).find(operation.backup());
            backup.ifPresent(entry -> refusePinned(entry, operation.repository()));
            List<Snapshot> removed = backup.map(BackupCatalog.Entry::all)
                    .orElseGet(
                            () -> List.of(repository.snapshot(operation.backup().text())));
            run.fence();
            remover.remove(removed.getFirst());
            // Proofs are younger than their backup, and locked for longer.
            removed.subList(1, removed.size()).forEach(remover::hide);
            return new Report.RepositoryForget(operation.repository(), operation.backup());
        }
    }

    private static void refusePinned(BackupCatalog.Entry backup, RepositoryName repository) {
        backup.pinned().ifPresent(because -> {
            throw new ProblemException(
                    ProblemCode.BACKUP_PINNED,
                    "backup '" + backup.id().abbreviated() + "' is pinned: " + because,
                    "a pinned backup is not forgotten",
                    "if the reason is no more: pgcharter backups unpin "
                            + backup.id().abbreviated() + " --repository " + repository);
        });
    }

    public Report.RepositoryStats stats(Permit permit, Operation.RepositoryStats operation, Run run) {
        permit.consume(operation);
        run.check();
        try (Repository repository = open(operation.repository())) {
            RepositoryStats stats = repository.stats();
            return new Report.RepositoryStats(
                    operation.repository(),
                    stats.snapshotCount(),
                    stats.packCount(),
                    stats.blobCount(),
                    stats.storedBytes(),
                    stats.contentBytes());
        }
    }

    private Repository open(RepositoryName name) {
        Charter.RepositoryPlace place = place(name);
        return repositories.open(place.storage(), place.password());
    }

    private Charter.RepositoryPlace place(RepositoryName name) {
        Charter.RepositoryPlace place = charter.repositories().get(name);
        if (place == null) {
            throw new ProblemException(
                    ProblemCode.NOT_FOUND,
                    "no repository '" + name + "' in " + charter.file(),
                    "the charter names " + charter.repositories().keySet(),
                    "correct the name, or add the repository to the charter");
        }
        return place;
    }
}
