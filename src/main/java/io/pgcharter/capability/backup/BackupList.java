package io.pgcharter.capability.backup;

import io.pgcharter.model.id.BackupId;
import io.pgcharter.model.id.DatabaseName;
import io.pgcharter.model.operation.Operation;
import io.pgcharter.model.operation.Report;
import io.pgcharter.model.operation.Run;
import io.pgcharter.platform.dump.BackupTags;
import io.pgcharter.platform.repository.Repositories;
import io.pgcharter.platform.repository.Repository;
import io.pgcharter.platform.repository.Snapshot;
import io.pgcharter.policy.charter.Charter;
import io.pgcharter.policy.guard.Permit;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/// Lists the backups of a repository from its snapshots' headers, newest first. Thread-safe.
public final class BackupList {
    private final Charter charter;
    private final Repositories repositories;

    public BackupList(Charter charter, Repositories repositories) {
        this.charter = charter;
        this.repositories = repositories;
    }

    public Report.Backups run(Permit permit, Operation.Backups operation, Run run) {
        permit.consume(operation);
        Charter.RepositoryPlace place = charter.repository(operation.repository());
        try (Repository repository = repositories.open(place.storage(), place.password())) {
            run.check();
            List<Snapshot> snapshots = repository.snapshots();
            return new Report.Backups(
                    operation.repository(),
                    snapshots.stream()
                            .filter(BackupTags::isBackup)
                            .sorted(Comparator.comparing(Snapshot::time).reversed())
                            .map(snapshot -> row(snapshot, snapshots))
                            .toList());
        }
    }

    private static Report.BackupRow row(Snapshot snapshot, List<Snapshot> all) {
        Optional<Instant> provenAt = all.stream()
                .filter(other -> BackupTags.isProofOf(other, snapshot))
                .map(Snapshot::time)
                .max(Comparator.naturalOrder());
        return new Report.BackupRow(
                new BackupId(snapshot.id()),
                new DatabaseName(BackupTags.value(snapshot, "database").orElseThrow()),
                snapshot.time(),
                BackupTags.value(snapshot, "server").orElse("?"),
                (int) BackupTags.count(snapshot, "tables"),
                BackupTags.count(snapshot, "rows"),
                BackupTags.count(snapshot, "bytes"),
                provenAt,
                Optional.empty());
    }
}
