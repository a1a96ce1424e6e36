package io.pgcharter.capability.backup;

import io.pgcharter.model.id.BackupId;
import io.pgcharter.model.id.DatabaseName;
import io.pgcharter.model.id.RepositoryName;
import io.pgcharter.model.operation.Operation;
import io.pgcharter.model.operation.Report;
import io.pgcharter.model.operation.Run;
import io.pgcharter.model.problem.Problem;
import io.pgcharter.model.problem.ProblemException;
import io.pgcharter.platform.dump.BackupTags;
import io.pgcharter.platform.dump.DumpWriter;
import io.pgcharter.platform.dump.LiveSource;
import io.pgcharter.platform.dump.Manifest;
import io.pgcharter.platform.dump.RowForm;
import io.pgcharter.platform.dump.SchemaTexts;
import io.pgcharter.platform.postgres.PostgresUrl;
import io.pgcharter.platform.repository.Repositories;
import io.pgcharter.platform.repository.Repository;
import io.pgcharter.platform.repository.Snapshot;
import io.pgcharter.platform.repository.SnapshotCopier;
import io.pgcharter.platform.repository.SnapshotWriter;
import io.pgcharter.platform.secret.Secrets;
import io.pgcharter.policy.charter.Charter;
import io.pgcharter.policy.guard.Permit;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// Reads a database in one snapshot, rows in parallel, straight into a repository. Thread-safe.
public final class LogicalBackup {
    /// Written into each dump, for whoever reads it later.
    private static final String WRITTEN_BY = "pgcharter";

    private final Charter charter;
    private final Secrets secrets;
    private final Repositories repositories;
    private final SchemaTexts schemaTexts;
    private final InstantSource clock;

    public LogicalBackup(
            Charter charter, Secrets secrets, Repositories repositories, SchemaTexts schemaTexts, InstantSource clock) {
        this.charter = charter;
        this.secrets = secrets;
        this.repositories = repositories;
        this.schemaTexts = schemaTexts;
        this.clock = clock;
    }

    /// Reads the database into the first repository that can take it, and copies the backup from there into the
    /// others. Nothing is visible in a repository until all of it is there and the lease is known to be held
    /// still. A place that fails costs the others nothing: the next one takes its part, which means to read the
    /// database again if the place failed midway.
    ///
    /// @throws ProblemException if no repository took the backup
    public Report.Backup run(Permit permit, Operation.Backup operation, Run run) {
        permit.consume(operation);
        // Before any place: what cannot be looked up from here on is a place's.
        PostgresUrl url = PostgresUrl.parse(
                secrets.resolve(charter.database(operation.database()).url()));
        List<Problem> troubles = new ArrayList<>();
        for (RepositoryName name : operation.repositories()) {
            try (Repository repository = open(name)) {
                Report.Backup backup = write(repository, name, url, operation.database(), run);
                return withCopies(backup, copies(repository, backup, operation.repositories(), run));
            } catch (ProblemException e) {
                if (operation.repositories().size() == 1 || !isOfPlace(e)) {
                    throw e;
                }
                troubles.add(e.problem());
            }
        }
        throw nowhere(operation, troubles);
    }

    private Report.Backup write(
            Repository repository, RepositoryName name, PostgresUrl url, DatabaseName database, Run run) {
        Instant begun = clock.instant();
        // The place first: where nothing can be written nothing need be read.
        try (SnapshotWriter writer = repository.write();
                LiveSource source = LiveSource.open(url, schemaTexts, RowForm.TEXT, run)) {
            Manifest manifest = new DumpWriter(source, writer::file, run).write(charter.jobs(database), WRITTEN_BY);
            run.fence();
            Snapshot snapshot = writer.commit(
                    manifest.takenAt(), "pgcharter", List.of("/" + database), BackupTags.of(database, manifest));
            return new Report.Backup(
                    new BackupId(snapshot.id()),
                    database,
                    name,
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

    /// The same backup in all other repositories, also in those that could not take it at first. The backup is
    /// safe by now: what goes wrong here is told, and thrown by nobody.
    private List<Report.BackupCopy> copies(
            Repository source, Report.Backup backup, List<RepositoryName> places, Run run) {
        List<Report.BackupCopy> copies = new ArrayList<>();
        for (RepositoryName place : places) {
            if (!place.equals(backup.repository())) {
                copies.add(copy(source, backup.backup(), place, run));
            }
        }
        return copies;
    }

    private Report.BackupCopy copy(Repository source, BackupId backup, RepositoryName place, Run run) {
        try (Run.Step step = run.begin("copying into " + place, 0, Run.Unit.BYTES);
                Repository target = open(place);
                SnapshotCopier copier = target.copyFrom(source)) {
            SnapshotCopier.Result result = copier.copy(
                    List.of(source.snapshot(backup.text())),
                    bytes -> {
                        run.check();
                        step.add(bytes);
                    },
                    run::fence);
            return new Report.BackupCopy(
                    place,
                    result.snapshots().stream()
                            .map(copied -> new BackupId(copied.id()))
                            .findFirst(),
                    copier.addedBytes(),
                    result.damage().map(LogicalBackup::oneLine));
        } catch (ProblemException e) {
            return new Report.BackupCopy(place, Optional.empty(), 0, Optional.of(oneLine(e.problem())));
        }
    }

    private static String oneLine(Problem problem) {
        return problem.fact() + ": " + problem.cause();
    }

    private static Report.Backup withCopies(Report.Backup backup, List<Report.BackupCopy> copies) {
        return new Report.Backup(
                backup.backup(),
                backup.database(),
                backup.repository(),
                backup.takenAt(),
                backup.lsn(),
                backup.serverVersion(),
                backup.tableCount(),
                backup.rowCount(),
                backup.contentBytes(),
                backup.addedBytes(),
                backup.fingerprint(),
                backup.durationMillis(),
                copies,
                backup.notes());
    }

    private Repository open(RepositoryName name) {
        Charter.RepositoryPlace place = charter.repository(name);
        return repositories.open(place.storage(), place.password());
    }

    /// Whether another repository may do where this one failed. What fails in the database fails for all.
    private static boolean isOfPlace(ProblemException e) {
        return switch (e.problem().code()) {
            case SECRET_UNRESOLVED,
                    STORAGE_FULL,
                    STORAGE_UNREACHABLE,
                    REPOSITORY_MISSING,
                    REPOSITORY_FORMAT,
                    REPOSITORY_PASSWORD,
                    REPOSITORY_LOCKED,
                    REPOSITORY_DAMAGED -> true;
            default -> false;
        };
    }

    private static ProblemException nowhere(Operation.Backup operation, List<Problem> troubles) {
        Problem first = troubles.getFirst();
        return new ProblemException(
                first.code(),
                "no repository could take the backup of '" + operation.database() + "'",
                String.join("; ", troubles.stream().map(LogicalBackup::oneLine).toList()),
                first.remedy());
    }
}
