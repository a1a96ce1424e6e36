package io.pgcharter.capability.backup;

import io.pgcharter.model.id.BackupId;
import io.pgcharter.model.operation.Operation;
import io.pgcharter.model.operation.Report;
import io.pgcharter.model.operation.Run;
import io.pgcharter.platform.dump.BackupTags;
import io.pgcharter.platform.dump.DumpWriter;
import io.pgcharter.platform.dump.LiveSource;
import io.pgcharter.platform.dump.Manifest;
import io.pgcharter.platform.dump.RowForm;
import io.pgcharter.platform.postgres.PostgresUrl;
import io.pgcharter.platform.postgres.SchemaDump;
import io.pgcharter.platform.repository.Repositories;
import io.pgcharter.platform.repository.Repository;
import io.pgcharter.platform.repository.Snapshot;
import io.pgcharter.platform.repository.SnapshotWriter;
import io.pgcharter.platform.secret.Secrets;
import io.pgcharter.policy.charter.Charter;
import io.pgcharter.policy.guard.Permit;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;

/// Reads a database in one snapshot, rows in parallel, straight into a repository. Thread-safe.
public final class LogicalBackup {
    /// Written into each dump, for whoever reads it later.
    private static final String WRITTEN_BY = "pgcharter";

    private final Charter charter;
    private final Secrets secrets;
    private final Repositories repositories;
    private final SchemaDump schemaDump;
    private final InstantSource clock;

    public LogicalBackup(
            Charter charter, Secrets secrets, Repositories repositories, SchemaDump schemaDump, InstantSource clock) {
        this.charter = charter;
        this.secrets = secrets;
        this.repositories = repositories;
        this.schemaDump = schemaDump;
        this.clock = clock;
    }

    /// Nothing is visible in the repository until all of it is there and the lease is known to be held still.
    public Report.Backup run(Permit permit, Operation.Backup operation, Run run) {
        permit.consume(operation);
        var begun = clock.instant();
        Charter.Database database = charter.database(operation.database());
        Charter.RepositoryPlace place =
                charter.repository(operation.repositories().getFirst());
        PostgresUrl url = PostgresUrl.parse(secrets.resolve(database.url()));
        try (Repository repository = repositories.open(place.storage(), place.password());
                LiveSource source = LiveSource.open(url, schemaDump.heeding(run::check), RowForm.TEXT);
                SnapshotWriter writer = repository.write()) {
            Manifest manifest =
                    new DumpWriter(source, writer::file, run).write(charter.jobs(operation.database()), WRITTEN_BY);
            run.fence();
            Snapshot snapshot = writer.commit(
                    manifest.takenAt(),
                    "pgcharter",
                    List.of("/" + operation.database()),
                    BackupTags.of(operation.database(), manifest));
            return new Report.Backup(
                    new BackupId(snapshot.id()),
                    operation.database(),
                    place.name(),
                    manifest.takenAt(),
                    manifest.lsn(),
                    manifest.server().version(),
                    manifest.tables().size(),
                    manifest.rowCount(),
                    manifest.contentBytes(),
                    writer.addedBytes(),
                    manifest.fingerprint(),
                    Duration.between(begun, clock.instant()).toMillis(),
                    List.of(),
                    manifest.notes());
        }
    }
}
