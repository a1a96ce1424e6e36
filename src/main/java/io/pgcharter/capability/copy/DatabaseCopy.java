package io.pgcharter.capability.copy;

import io.pgcharter.model.operation.Operation;
import io.pgcharter.model.operation.Report;
import io.pgcharter.model.operation.Run;
import io.pgcharter.model.problem.ProblemException;
import io.pgcharter.platform.dump.LiveSource;
import io.pgcharter.platform.dump.Loader;
import io.pgcharter.platform.dump.Manifest;
import io.pgcharter.platform.dump.Proof;
import io.pgcharter.platform.dump.RowForm;
import io.pgcharter.platform.dump.SchemaTexts;
import io.pgcharter.platform.dump.Selection;
import io.pgcharter.platform.dump.TargetDatabase;
import io.pgcharter.platform.postgres.PostgresUrl;
import io.pgcharter.platform.secret.Secrets;
import io.pgcharter.policy.charter.Charter;
import io.pgcharter.policy.guard.Permit;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;

/// Copies a database into another: one snapshot, rows in parallel from server to server, every row's fingerprint
/// compared at the end. Thread-safe.
public final class DatabaseCopy {
    private final Charter charter;
    private final Secrets secrets;
    private final SchemaTexts schemaTexts;
    private final InstantSource clock;

    public DatabaseCopy(Charter charter, Secrets secrets, SchemaTexts schemaTexts, InstantSource clock) {
        this.charter = charter;
        this.secrets = secrets;
        this.schemaTexts = schemaTexts;
        this.clock = clock;
    }

    /// Into an empty target in place; to replace what a target holds, a new database is loaded and proven aside
    /// and put in its place at the end, so that a copy that fails leaves the old content serving.
    public Report.Copy run(Permit permit, Operation.Copy operation, Run run) {
        permit.consume(operation);
        Instant begun = clock.instant();
        PostgresUrl from = PostgresUrl.parse(
                secrets.resolve(charter.database(operation.source()).url()));
        PostgresUrl into = PostgresUrl.parse(
                secrets.resolve(charter.database(operation.target()).url()));
        int jobs = charter.jobs(operation.source());
        List<String> notes = new ArrayList<>();
        try (LiveSource source = LiveSource.open(from, schemaTexts, RowForm.BINARY, run)) {
            Manifest manifest = operation.replace()
                    ? replace(source, into, jobs, run, notes)
                    : fill(source, into, jobs, run, notes);
            notes.addAll(manifest.notes());
            return new Report.Copy(
                    operation.source(),
                    operation.target(),
                    manifest.tables().size(),
                    manifest.rowCount(),
                    manifest.contentBytes(),
                    manifest.fingerprint(),
                    Duration.between(begun, clock.instant()).toMillis(),
                    notes);
        }
    }

    private static Manifest fill(LiveSource source, PostgresUrl into, int jobs, Run run, List<String> notes) {
        TargetDatabase target = new TargetDatabase(into);
        target.beginInPlace(run.id());
        Manifest manifest = loadAndProve(source, into, jobs, run, notes);
        run.fence();
        target.endInPlace();
        TargetDatabase.settingsLeftOut(source).ifPresent(notes::add);
        return manifest;
    }

    private static Manifest replace(LiveSource source, PostgresUrl into, int jobs, Run run, List<String> notes) {
        TargetDatabase target = new TargetDatabase(into);
        PostgresUrl aside = target.createAside(run.id(), source.server(), notes);
        try {
            Manifest manifest = loadAndProve(source, aside, jobs, run, notes);
            run.fence();
            target.replaceBy(aside);
            return manifest;
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

    private static Manifest loadAndProve(LiveSource source, PostgresUrl url, int jobs, Run run, List<String> notes) {
        notes.addAll(
                new Loader(source, url, jobs, run).load(Selection.everything()).notes());
        Manifest manifest = source.manifest("pgcharter copy");
        new Proof(url, RowForm.BINARY, jobs, run).require(manifest);
        return manifest;
    }
}
