package io.pgcharter.capability.restore;

import io.pgcharter.model.operation.Operation;
import io.pgcharter.model.operation.Report;
import io.pgcharter.model.operation.Run;
import io.pgcharter.model.problem.ProblemCode;
import io.pgcharter.model.problem.ProblemException;
import io.pgcharter.platform.dump.BackupTags;
import io.pgcharter.platform.dump.Loader;
import io.pgcharter.platform.dump.Manifest;
import io.pgcharter.platform.dump.RepositorySource;
import io.pgcharter.platform.dump.Selection;
import io.pgcharter.platform.dump.TargetDatabase;
import io.pgcharter.platform.postgres.PostgresUrl;
import io.pgcharter.platform.repository.Repositories;
import io.pgcharter.platform.repository.Repository;
import io.pgcharter.platform.repository.Snapshot;
import io.pgcharter.platform.repository.SnapshotReader;
import io.pgcharter.platform.secret.Secrets;
import io.pgcharter.policy.charter.Charter;
import io.pgcharter.policy.guard.Permit;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/// Loads a backup into a database that is empty, or into a new one beside it. Thread-safe.
public final class Restore {
    private final Charter charter;
    private final Secrets secrets;
    private final Repositories repositories;
    private final InstantSource clock;

    public Restore(Charter charter, Secrets secrets, Repositories repositories, InstantSource clock) {
        this.charter = charter;
        this.secrets = secrets;
        this.repositories = repositories;
        this.clock = clock;
    }

    /// @throws ProblemException `TARGET_NOT_EMPTY` with nothing changed; `PROOF_FAILED` if the server took another
    ///     number of rows than the backup holds. A target that was begun and not ended is marked as such and not
    ///     taken for whole.
    public Report.Restore run(Permit permit, Operation.Restore operation, Run run) {
        permit.consume(operation);
        Instant begun = clock.instant();
        Charter.RepositoryPlace place = charter.repository(operation.repository());
        PostgresUrl url = PostgresUrl.parse(
                secrets.resolve(charter.database(operation.target()).url()));
        try (Repository repository = repositories.open(place.storage(), place.password());
                SnapshotReader reader = repository.read(snapshot(repository, operation))) {
            RepositorySource source = RepositorySource.open(reader);
            List<String> notes = new ArrayList<>(source.manifest().notes());
            Loader.Loaded loaded = operation.newDatabase().isPresent()
                    ? loadAside(source, url, operation, run, notes)
                    : loadInPlace(source, url, operation, run, notes);
            return new Report.Restore(
                    operation.backup(),
                    operation.target(),
                    operation.newDatabase().orElse(url.database()),
                    loaded.rows().size(),
                    loaded.rowCount(),
                    loaded.bytes(),
                    Duration.between(begun, clock.instant()).toMillis(),
                    Stream.concat(notes.stream(), loaded.notes().stream()).toList());
        }
    }

    /// The guard has judged the flow from the database the operation names: a backup of another one is not that flow.
    private static Snapshot snapshot(Repository repository, Operation.Restore operation) {
        Snapshot snapshot = repository.snapshot(operation.backup().text());
        String source = BackupTags.value(snapshot, "database").orElse("");
        if (!BackupTags.isBackup(snapshot) || !source.equals(operation.source().text())) {
            throw new ProblemException(
                    ProblemCode.NOT_FOUND,
                    "'" + operation.backup().abbreviated() + "' is no backup of '" + operation.source() + "'",
                    source.isEmpty()
                            ? "the snapshot was not written by pgcharter's backup"
                            : "it is one of '" + source + "'",
                    "choose one from: pgcharter backups --database " + operation.source());
        }
        return snapshot;
    }

    private Loader.Loaded loadInPlace(
            RepositorySource source, PostgresUrl url, Operation.Restore operation, Run run, List<String> notes) {
        TargetDatabase target = new TargetDatabase(url);
        target.beginInPlace(run.id());
        Loader.Loaded loaded = load(source, url, operation, run);
        run.fence();
        target.endInPlace();
        TargetDatabase.settingsLeftOut(source).ifPresent(notes::add);
        return loaded;
    }

    private Loader.Loaded loadAside(
            RepositorySource source, PostgresUrl url, Operation.Restore operation, Run run, List<String> notes) {
        String name = operation.newDatabase().orElseThrow();
        TargetDatabase target = new TargetDatabase(url);
        target.requireFree(name);
        PostgresUrl aside = target.createAside(run.id(), source.manifest().server(), notes);
        try {
            Loader.Loaded loaded = load(source, aside, operation, run);
            if (operation.selection().isEmpty()) {
                target.applySettings(aside, source, notes);
            }
            run.fence();
            target.rename(aside, name);
            return loaded;
        } catch (RuntimeException e) {
            try {
                target.dropAside(aside);
            } catch (ProblemException unreachable) {
                // The first failure is the one to tell; the next run drops what is left.
                e.addSuppressed(unreachable);
            }
            throw e;
        }
    }

    private Loader.Loaded load(RepositorySource source, PostgresUrl url, Operation.Restore operation, Run run) {
        Loader.Loaded loaded = new Loader(source, url, charter.jobs(operation.source()), run)
                .load(Selection.of(operation.selection()));
        for (Manifest.TableEntry entry : source.manifest().tables()) {
            Long rows = loaded.rows().get(entry.label());
            if (rows != null && rows != entry.totals().rows()) {
                throw new ProblemException(
                        ProblemCode.PROOF_FAILED,
                        "table '" + entry.label() + "' took " + rows + " rows instead of "
                                + entry.totals().rows(),
                        "the backup's files do not agree with its manifest",
                        "run: pgcharter repository check --read-data " + operation.repository());
            }
        }
        return loaded;
    }
}
