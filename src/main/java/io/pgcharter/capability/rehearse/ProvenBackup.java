package io.pgcharter.capability.rehearse;

import io.pgcharter.model.id.DatabaseName;
import io.pgcharter.model.id.RepositoryName;
import io.pgcharter.model.operation.Run;
import io.pgcharter.model.problem.ProblemCode;
import io.pgcharter.model.problem.ProblemException;
import io.pgcharter.platform.dump.BackupCatalog;
import io.pgcharter.platform.repository.Repositories;
import io.pgcharter.platform.repository.Repository;
import io.pgcharter.policy.charter.Charter;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/// A backup of which somebody has seen that it can be restored.
record ProvenBackup(RepositoryName repository, BackupCatalog.Entry entry) {

    /// The newest one in the repositories of the database's backups. A repository that cannot be read is told of in
    /// `notes`, if another one can.
    ///
    /// @throws ProblemException `NOT_FOUND` with what to type if there is none
    static ProvenBackup newest(
            Charter charter, Repositories repositories, DatabaseName database, Run run, List<String> notes) {
        Charter.BackupPlan plan = charter.backups().get(database);
        if (plan == null) {
            throw none(
                    database,
                    charter.file() + " has no backups of it",
                    "add 'backups: { " + database + ": { to: [REPOSITORY] } }' to the charter");
        }
        List<ProvenBackup> proven = new ArrayList<>();
        List<ProvenBackup> unproven = new ArrayList<>();
        Optional<ProblemException> trouble = Optional.empty();
        for (RepositoryName name : plan.to()) {
            run.check();
            Charter.RepositoryPlace place = charter.repository(name);
            try (Repository repository = repositories.open(place.storage(), place.password())) {
                BackupCatalog.of(repository.snapshots())
                        .backups(database)
                        .forEach(entry ->
                                (entry.provenAt().isPresent() ? proven : unproven).add(new ProvenBackup(name, entry)));
            } catch (ProblemException e) {
                trouble = Optional.of(e);
                notes.add(
                        "repository '" + name + "' was left out: " + e.problem().fact());
            }
        }
        Optional<ProvenBackup> newest = proven.stream()
                .max(Comparator.comparing(backup -> backup.entry().snapshot().time()));
        if (newest.isEmpty() && trouble.isPresent()) {
            throw trouble.get();
        }
        return newest.orElseThrow(() -> none(
                database,
                unproven.isEmpty()
                        ? "there is no backup of it in " + places(plan)
                        : unproven.size() + " backups are there, of which none was restored and compared",
                (unproven.isEmpty() ? "pgcharter backup " + database + ", then: " : "")
                        + "pgcharter verify " + database + " --from "
                        + unproven.stream()
                                .findFirst()
                                .map(ProvenBackup::repository)
                                .orElse(plan.to().getFirst())));
    }

    private static String places(Charter.BackupPlan plan) {
        return String.join(
                ", ", plan.to().stream().map(name -> "'" + name + "'").toList());
    }

    private static ProblemException none(DatabaseName database, String cause, String remedy) {
        return new ProblemException(
                ProblemCode.NOT_FOUND, "there is no proven backup of '" + database + "' to rehearse on", cause, remedy);
    }
}
