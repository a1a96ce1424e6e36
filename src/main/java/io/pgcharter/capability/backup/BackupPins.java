package io.pgcharter.capability.backup;

import io.pgcharter.model.id.RepositoryName;
import io.pgcharter.model.operation.Operation;
import io.pgcharter.model.operation.Report;
import io.pgcharter.model.operation.Run;
import io.pgcharter.platform.dump.BackupCatalog;
import io.pgcharter.platform.dump.BackupTags;
import io.pgcharter.platform.repository.Repositories;
import io.pgcharter.platform.repository.Repository;
import io.pgcharter.platform.repository.Snapshot;
import io.pgcharter.platform.repository.SnapshotRemover;
import io.pgcharter.platform.repository.SnapshotWriter;
import io.pgcharter.policy.charter.Charter;
import io.pgcharter.policy.guard.Permit;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.InstantSource;
import java.util.List;

/// Pins: small snapshots beside a backup that exempt it from retention. Whoever has the repository sees them. The
/// reason stands in a tag, so that a list needs no more than headers, and in `pin.txt`, for stock restic. Thread-safe.
public final class BackupPins {
    private static final int MODE = 0600;

    private final Charter charter;
    private final Repositories repositories;
    private final InstantSource clock;

    public BackupPins(Charter charter, Repositories repositories, InstantSource clock) {
        this.charter = charter;
        this.repositories = repositories;
        this.clock = clock;
    }

    /// A backup that is pinned already gets one more pin; the newest one's reason is shown.
    public Report.BackupPin pin(Permit permit, Operation.BackupPin operation, Run run) {
        permit.consume(operation);
        run.check();
        try (Repository repository = open(operation.repository());
                SnapshotWriter writer = repository.write()) {
            // Looked up under the writer's lock: nobody forgets the backup before it is pinned.
            BackupCatalog.Entry backup =
                    BackupCatalog.of(repository.snapshots()).require(operation.backup());
            try (OutputStream out = writer.file("pin.txt", MODE)) {
                out.write(("backup " + backup.id() + "\nbecause " + operation.because() + "\n")
                        .getBytes(StandardCharsets.UTF_8));
            }
            run.fence();
            writer.commit(
                    clock.instant(),
                    "pgcharter",
                    List.of("/" + backup.database() + "/pin"),
                    BackupTags.ofPin(backup.database(), backup.snapshot(), operation.because()));
            return new Report.BackupPin(operation.repository(), backup.id(), operation.because());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    public Report.BackupUnpin unpin(Permit permit, Operation.BackupUnpin operation, Run run) {
        permit.consume(operation);
        run.check();
        try (Repository repository = open(operation.repository());
                SnapshotRemover remover = repository.remove()) {
            BackupCatalog.Entry backup = BackupCatalog.of(remover.snapshots()).require(operation.backup());
            List<Snapshot> pins =
                    backup.notes().stream().filter(BackupTags::isPin).toList();
            run.fence();
            pins.forEach(remover::hide);
            return new Report.BackupUnpin(operation.repository(), backup.id(), !pins.isEmpty());
        }
    }

    private Repository open(RepositoryName name) {
        Charter.RepositoryPlace place = charter.repository(name);
        return repositories.open(place.storage(), place.password());
    }
}
