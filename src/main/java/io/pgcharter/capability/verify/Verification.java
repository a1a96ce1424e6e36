package io.pgcharter.capability.verify;

import io.pgcharter.model.operation.Operation;
import io.pgcharter.model.operation.Report;
import io.pgcharter.model.operation.Run;
import io.pgcharter.model.problem.ProblemCode;
import io.pgcharter.model.problem.ProblemException;
import io.pgcharter.platform.dump.BackupTags;
import io.pgcharter.platform.dump.Manifest;
import io.pgcharter.platform.dump.Proof;
import io.pgcharter.platform.dump.RepositorySource;
import io.pgcharter.platform.dump.RowForm;
import io.pgcharter.platform.dump.ScratchCopy;
import io.pgcharter.platform.dump.SmokeTest;
import io.pgcharter.platform.postgres.PostgresUrl;
import io.pgcharter.platform.repository.Repositories;
import io.pgcharter.platform.repository.Repository;
import io.pgcharter.platform.repository.Snapshot;
import io.pgcharter.platform.repository.SnapshotReader;
import io.pgcharter.platform.repository.SnapshotWriter;
import io.pgcharter.platform.sandbox.Sandboxes;
import io.pgcharter.policy.charter.Charter;
import io.pgcharter.policy.guard.Permit;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;

/// Restores a backup into a sandbox of the same major version, compares, and asks the charter's smoke queries.
/// Thread-safe.
public final class Verification {
    private final Charter charter;
    private final Repositories repositories;
    private final Sandboxes sandboxes;
    private final InstantSource clock;

    public Verification(Charter charter, Repositories repositories, Sandboxes sandboxes, InstantSource clock) {
        this.charter = charter;
        this.repositories = repositories;
        this.sandboxes = sandboxes;
        this.clock = clock;
    }

    /// @throws ProblemException `PROOF_FAILED` naming the tables that differ, `SMOKE_FAILED` naming the query
    public Report.Verify run(Permit permit, Operation.Verify operation, Run run) {
        permit.consume(operation);
        Instant begun = clock.instant();
        Charter.RepositoryPlace place = charter.repository(operation.repository());
        try (Repository repository = repositories.open(place.storage(), place.password())) {
            Snapshot snapshot = snapshot(repository, operation);
            Report.Verify report;
            try (SnapshotReader reader = repository.read(snapshot)) {
                report = prove(RepositorySource.open(reader), operation, run, begun);
            }
            run.fence();
            record(repository, snapshot, report);
            return report;
        }
    }

    private static Snapshot snapshot(Repository repository, Operation.Verify operation) {
        Snapshot snapshot = repository.snapshot(operation.backup().text());
        if (!BackupTags.isBackup(snapshot)
                || !BackupTags.value(snapshot, "database")
                        .orElse("")
                        .equals(operation.database().text())) {
            throw new ProblemException(
                    ProblemCode.NOT_FOUND,
                    "'" + operation.backup().abbreviated() + "' is no backup of '" + operation.database() + "'",
                    "the snapshot belongs to something else",
                    "choose one from: pgcharter backups --database " + operation.database());
        }
        return snapshot;
    }

    private Report.Verify prove(RepositorySource source, Operation.Verify operation, Run run, Instant begun) {
        Manifest manifest = source.manifest();
        int jobs = charter.jobs(operation.database());
        List<String> notes = new ArrayList<>(manifest.notes());
        try (Sandboxes.Sandbox sandbox = sandboxes.start(manifest.server().major())) {
            if (sandbox.major() != manifest.server().major()) {
                notes.add("proven on PostgreSQL " + sandbox.major() + ", the nearest version to "
                        + manifest.server().major() + " there is here");
            }
            PostgresUrl url = ScratchCopy.load(sandbox.url(), source, jobs, run, notes);
            Instant restored = clock.instant();
            new Proof(url, RowForm.TEXT, jobs, run).require(manifest);
            List<Report.SmokeAnswer> answers =
                    new SmokeTest(url, "on the restored copy").run(charter.smoke(operation.database()), run);
            return new Report.Verify(
                    operation.backup(),
                    operation.database(),
                    operation.repository(),
                    manifest.server().version(),
                    manifest.tables().size(),
                    manifest.rowCount(),
                    manifest.fingerprint(),
                    answers,
                    Duration.between(begun, restored).toMillis(),
                    Duration.between(begun, clock.instant()).toMillis(),
                    notes);
        }
    }

    /// Keeps the proof beside the backup: whoever has the repository can see which backups were proven, and when.
    private void record(Repository repository, Snapshot backup, Report.Verify report) {
        try (SnapshotWriter writer = repository.write()) {
            try (OutputStream out = writer.file("proof.txt", 0600)) {
                out.write(text(backup, report).getBytes(StandardCharsets.UTF_8));
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
            writer.commit(
                    clock.instant(),
                    "pgcharter",
                    List.of("/" + report.database() + "/proof"),
                    BackupTags.ofProof(report.database(), backup));
        }
    }

    private static String text(Snapshot backup, Report.Verify report) {
        StringBuilder text = new StringBuilder();
        text.append("backup ").append(backup.id()).append('\n');
        text.append("server ").append(report.serverVersion()).append('\n');
        text.append("tables ").append(report.tableCount()).append('\n');
        text.append("rows ").append(report.rowCount()).append('\n');
        text.append("fingerprint ").append(report.fingerprint()).append('\n');
        report.smoke()
                .forEach(answer -> text.append("smoke ").append(answer.query()).append('\n'));
        report.notes().forEach(note -> text.append("note ").append(note).append('\n'));
        return text.toString();
    }
}
