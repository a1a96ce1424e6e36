package io.pgcharter.capability.release;

import io.pgcharter.model.id.BackupId;
import io.pgcharter.model.migration.Migration.Kind;
import io.pgcharter.model.migration.Release;
import io.pgcharter.model.migration.Release.Content;
import io.pgcharter.model.migration.Release.Entry;
import io.pgcharter.model.migration.Release.Step;
import io.pgcharter.model.operation.Operation;
import io.pgcharter.model.operation.Run;
import io.pgcharter.model.operation.SchemaOperation;
import io.pgcharter.model.operation.SchemaReport;
import io.pgcharter.model.problem.ProblemCode;
import io.pgcharter.model.problem.ProblemException;
import io.pgcharter.platform.dump.TargetDatabase;
import io.pgcharter.platform.postgres.Session;
import io.pgcharter.policy.charter.ReleasePlan.Back;
import io.pgcharter.policy.migration.Ledger;
import io.pgcharter.policy.migration.Ledger.Standing;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// The way back of a release. Each piece of it can be done again if it was stopped halfway.
///
/// A backup does not overwrite anything: it is restored into a new database beside this one, compared with the catalog
/// that was there before, and only then takes its place. The database as it was is kept under a name of its own.
final class Returning {
    /// What PostgreSQL takes of a name.
    private static final int NAME_MAX = 63;

    private final Footing footing;
    private final Run run;

    Returning(Footing footing, Run run) {
        this.footing = footing;
        this.run = run;
    }

    Ended take(Release release) {
        if (footing.plan().back() == Back.BACKUP) {
            return byBackup(release);
        }
        footing.requireUnchanged(release);
        int applied;
        try (Session session = footing.open()) {
            applied = applied(release, footing.ledger(session)).size();
        }
        if (applied == 0) {
            return Ended.done("undone", "nothing: none of its migrations is in the database");
        }
        var down = (SchemaReport.MigrateDown) run.submit(new SchemaOperation.MigrateDown(footing.database(), applied));
        return Ended.done(
                "undone",
                String.join(
                        ", ",
                        down.migrations().stream()
                                .map(SchemaReport.CarriedOut::name)
                                .toList()));
    }

    /// Those of its migrations that are in the database: the newest ones of its history, or it would not be they that
    /// are undone.
    private List<String> applied(Release release, Ledger ledger) {
        List<String> there = ledger.entries().stream()
                .filter(entry -> entry.standing() == Standing.APPLIED)
                .filter(entry -> entry.migration()
                        .filter(file -> file.kind() == Kind.VERSIONED)
                        .isPresent())
                .map(Ledger.Entry::name)
                .toList();
        List<String> own = release.migrations().stream()
                .map(Content::name)
                .filter(there::contains)
                .toList();
        if (!there.subList(there.size() - own.size(), there.size()).equals(own)) {
            throw new ProblemException(
                    ProblemCode.MIGRATIONS_DIVERGED,
                    "'" + footing.database() + "' has got other migrations since this release began",
                    "the newest are " + String.join(", ", there.subList(there.size() - own.size(), there.size()))
                            + ", and those of the release are " + String.join(", ", own),
                    "pgcharter migrate status " + footing.database());
        }
        return own;
    }

    private Ended byBackup(Release release) {
        TargetDatabase target = new TargetDatabase(footing.url());
        String aside = beside("back", release);
        String kept = beside("released", release);
        if (!target.isOnServer(kept)) {
            if (!target.isOnServer(aside)) {
                if (isUntouched(release)) {
                    return Ended.done("restored", "nothing: none of its migrations is in the database");
                }
                run.submit(new Operation.Restore(
                        backup(release),
                        footing.repository(),
                        footing.database(),
                        footing.database(),
                        List.of(),
                        Optional.of(aside)));
            }
            requireAsBefore(release, footing.fingerprint(footing.url().withDatabase(aside)), aside);
        }
        run.fence();
        target.exchange(aside, kept);
        return Ended.done(Map.of("restored", backup(release).text(), "kept", kept));
    }

    /// Whether nothing of it got as far as the database.
    private boolean isUntouched(Release release) {
        try (Session session = footing.open()) {
            boolean isTouched = footing.ledger(session).entries().stream()
                    .filter(entry -> entry.standing() == Standing.APPLIED || entry.standing() == Standing.FAILED)
                    .anyMatch(entry ->
                            release.migrations().stream().map(Content::name).anyMatch(entry.name()::equals));
            return !isTouched && footing.fingerprint(footing.url()).equals(release.before());
        }
    }

    private BackupId backup(Release release) {
        Entry entry = release.done(Step.BACKUP).orElseThrow(() -> new IllegalStateException("it has no backup"));
        return new BackupId(String.valueOf(entry.evidence().get("backup")));
    }

    private String beside(String word, Release release) {
        String end = "_" + word + "_" + release.id();
        String name = footing.url().database();
        return name.substring(0, Math.min(name.length(), NAME_MAX - end.length())) + end;
    }

    private void requireAsBefore(Release release, String fingerprint, String aside) {
        if (!fingerprint.equals(release.before())) {
            throw new ProblemException(
                    ProblemCode.PROOF_FAILED,
                    "the backup, restored as '" + aside + "', has another catalog than '" + footing.database()
                            + "' had before the release",
                    "so it was not put into its place",
                    "pgcharter schema diff, or look into it; then choose by hand");
        }
    }

    /// @throws ProblemException `PROOF_FAILED` if the catalog is another one than before
    Ended compare(Release release) {
        if (!footing.fingerprint(footing.url()).equals(release.before())) {
            throw new ProblemException(
                    ProblemCode.PROOF_FAILED,
                    "'" + footing.database() + "' has another catalog than it had before the release",
                    "the way back did not bring back all of it",
                    "pgcharter schema diff shows what is other than in a database that has it");
        }
        return Ended.done("catalog", "as before: " + release.before().substring(0, 12));
    }
}
