package io.pgcharter.entry.cli;

import io.pgcharter.model.id.BackupId;
import io.pgcharter.model.id.DatabaseName;
import io.pgcharter.model.id.RepositoryName;
import io.pgcharter.model.operation.Operation;
import io.pgcharter.model.operation.Report;
import io.pgcharter.model.problem.ProblemCode;
import io.pgcharter.model.problem.ProblemException;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/// Finds backups by listing repositories through the engine, like anybody else.
final class BackupFinder {
    private final Desk desk;

    BackupFinder(Desk desk) {
        this.desk = desk;
    }

    /// @param wanted an id; empty for the latest backup of `database` in `repository`
    BackupId find(Optional<BackupId> wanted, DatabaseName database, RepositoryName repository) {
        return wanted.orElseGet(() -> list(repository).stream()
                .filter(row -> row.database().equals(database))
                .max(Comparator.comparing(Report.BackupRow::takenAt))
                .map(Report.BackupRow::backup)
                .orElseThrow(() -> new ProblemException(
                        ProblemCode.NOT_FOUND,
                        "repository '" + repository + "' holds no backup of '" + database + "'",
                        "none was taken, or all were forgotten",
                        "pgcharter backup " + database + " --to " + repository)));
    }

    /// A backup, where it is, and whose.
    record Found(BackupId backup, RepositoryName repository, DatabaseName database) {}

    /// A backup known only by its id, or by first digits of it.
    Found locate(BackupId id, List<RepositoryName> repositories) {
        for (RepositoryName repository : repositories) {
            for (Report.BackupRow row : list(repository)) {
                if (row.backup().text().startsWith(id.text())) {
                    return new Found(row.backup(), repository, row.database());
                }
            }
        }
        throw new ProblemException(
                ProblemCode.NOT_FOUND,
                "no backup begins with '" + id + "'",
                "looked in: "
                        + String.join(
                                ", ",
                                repositories.stream().map(RepositoryName::text).toList()),
                "pgcharter backups");
    }

    private List<Report.BackupRow> list(RepositoryName repository) {
        return desk.mustBeDone(new Operation.Backups(repository), Report.Backups.class)
                .backups();
    }
}
