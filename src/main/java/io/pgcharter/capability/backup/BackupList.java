package io.pgcharter.capability.backup;

import io.pgcharter.model.operation.Operation;
import io.pgcharter.model.operation.Report;
import io.pgcharter.model.operation.Run;
import io.pgcharter.platform.dump.BackupCatalog;
import io.pgcharter.platform.dump.BackupTags;
import io.pgcharter.platform.repository.Repositories;
import io.pgcharter.platform.repository.Repository;
import io.pgcharter.platform.repository.Snapshot;
import io.pgcharter.policy.charter.Charter;
import io.pgcharter.policy.guard.Permit;

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
            return new Report.Backups(
                    operation.repository(),
                    BackupCatalog.of(repository.snapshots()).backups().stream()
                            .map(BackupList::row)
                            .toList());
        }
    }

    private static Report.BackupRow row(BackupCatalog.Entry entry) {
        Snapshot snapshot = entry.snapshot();
        return new Report.BackupRow(
                entry.id(),
                entry.database(),
                snapshot.time(),
                BackupTags.value(snapshot, "server").orElse("?"),
                (int) BackupTags.count(snapshot, "tables"),
                BackupTags.count(snapshot, "rows"),
                BackupTags.count(snapshot, "bytes"),
                entry.provenAt(),
                entry.pinned());
    }
}
