package io.pgcharter.capability.repository;

import io.pgcharter.model.id.BackupId;
import io.pgcharter.model.id.RepositoryName;
import io.pgcharter.model.operation.Operation;
import io.pgcharter.model.operation.Report;
import io.pgcharter.model.operation.Run;
import io.pgcharter.model.problem.Problem;
import io.pgcharter.model.problem.ProblemCode;
import io.pgcharter.model.problem.ProblemException;
import io.pgcharter.platform.dump.BackupTags;
import io.pgcharter.platform.repository.Repositories;
import io.pgcharter.platform.repository.Repository;
import io.pgcharter.platform.repository.Snapshot;
import io.pgcharter.platform.repository.SnapshotCopier;
import io.pgcharter.policy.charter.Charter;
import io.pgcharter.policy.guard.Permit;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/// The operation `repository copy`. Stateless and thread-safe.
public final class CopyWork {
    private final Charter charter;
    private final Repositories repositories;

    public CopyWork(Charter charter, Repositories repositories) {
        this.charter = charter;
        this.repositories = repositories;
    }

    /// Copies every backup that the charter sends to the target and that it lacks, oldest first, each together
    /// with its proofs and pins. One that cannot be read costs only itself: the others are copied, then the run
    /// fails and names it. Journal anchors stay: each repository has its own.
    public Report.RepositoryCopy run(Permit permit, Operation.RepositoryCopy operation, Run run) {
        permit.consume(operation);
        run.check();
        try (Repository from = open(operation.from());
                Repository to = open(operation.to());
                SnapshotCopier copier = to.copyFrom(from)) {
            List<String> unread = new ArrayList<>();
            List<Snapshot> all = from.snapshots(damage -> unread.add(oneLine(damage.problem())));
            Tally tally = new Tally(operation, unread);
            try (Run.Step step = run.begin("copying backups", 0, Run.Unit.BYTES)) {
                for (Snapshot backup : wanted(all, operation)) {
                    copy(copier, new Belongings(backup, all), tally, run, step);
                }
            }
            return tally.report(copier.addedBytes());
        }
    }

    /// A backup, and what is said of it.
    private record Belongings(Snapshot backup, List<Snapshot> all) {
        private List<Snapshot> missingFrom(SnapshotCopier copier) {
            return Stream.concat(
                            Stream.of(backup), all.stream().filter(snapshot -> BackupTags.isAbout(snapshot, backup)))
                    .filter(snapshot -> copier.find(snapshot).isEmpty())
                    .toList();
        }
    }

    private void copy(SnapshotCopier copier, Belongings belongings, Tally tally, Run run, Run.Step step) {
        run.check();
        List<Snapshot> missing = belongings.missingFrom(copier);
        if (missing.isEmpty()) {
            tally.present++;
            return;
        }
        boolean isPresent = !missing.contains(belongings.backup());
        SnapshotCopier.Result result = copier.copy(
                missing,
                bytes -> {
                    run.check();
                    step.add(bytes);
                },
                run::fence);
        tally.add(belongings.backup(), isPresent, result);
    }

    private List<Snapshot> wanted(List<Snapshot> all, Operation.RepositoryCopy operation) {
        List<Snapshot> planned = all.stream()
                .filter(BackupTags::isBackup)
                .filter(backup -> goesTo(backup, operation.to()))
                .toList();
        Optional<BackupId> asked = operation.backup();
        if (asked.isEmpty()) {
            return planned;
        }
        List<Snapshot> found = planned.stream()
                .filter(backup -> backup.id().startsWith(asked.get().text()))
                .toList();
        if (found.size() != 1) {
            throw new ProblemException(
                    ProblemCode.NOT_FOUND,
                    "no backup '" + asked.get().abbreviated() + "' in '" + operation.from() + "' that goes to '"
                            + operation.to() + "'",
                    found.isEmpty()
                            ? "no id begins so, or the backup plan of its database does not name '" + operation.to()
                                    + "'"
                            : found.size() + " ids begin so",
                    "see what there is: pgcharter backups --repository " + operation.from());
        }
        return found;
    }

    private boolean goesTo(Snapshot backup, RepositoryName to) {
        String database = BackupTags.value(backup, "database").orElse("");
        return charter.backups().values().stream()
                .anyMatch(plan ->
                        plan.database().text().equals(database) && plan.to().contains(to));
    }

    private Repository open(RepositoryName name) {
        Charter.RepositoryPlace place = charter.repository(name);
        return repositories.open(place.storage(), place.password());
    }

    private static String oneLine(Problem problem) {
        return problem.fact() + " (" + problem.cause() + ")";
    }

    /// What was copied so far, and what could not be.
    private static final class Tally {
        private final Operation.RepositoryCopy operation;
        private final List<String> troubles;
        private final List<BackupId> copied = new ArrayList<>();
        private int present;
        private long blobCount;
        private long verifiedBytes;

        private Tally(Operation.RepositoryCopy operation, List<String> unread) {
            this.operation = operation;
            this.troubles = unread;
        }

        private void add(Snapshot backup, boolean isPresent, SnapshotCopier.Result result) {
            blobCount += result.blobCount();
            verifiedBytes += result.verifiedBytes();
            if (result.damage().isPresent()) {
                troubles.add("backup " + new BackupId(backup.id()).abbreviated() + " of '"
                        + BackupTags.value(backup, "database").orElse("?") + "': "
                        + oneLine(result.damage().get()));
            } else if (isPresent) {
                present++;
            } else {
                copied.add(new BackupId(result.snapshots().getFirst().id()));
            }
        }

        /// @throws ProblemException `REPOSITORY_DAMAGED` if something could not be copied
        private Report.RepositoryCopy report(long addedBytes) {
            if (!troubles.isEmpty()) {
                throw new ProblemException(
                        ProblemCode.REPOSITORY_DAMAGED,
                        "not all of '" + operation.from() + "' could be copied into '" + operation.to() + "': "
                                + String.join("; ", troubles),
                        "'" + operation.from() + "' is damaged there; all else is in '" + operation.to() + "': "
                                + copied.size() + " copied now, " + present + " before",
                        "see what is damaged: pgcharter repository check " + operation.from()
                                + " --read-data; then: pgcharter repository repair " + operation.from());
            }
            return new Report.RepositoryCopy(
                    operation.from(), operation.to(), copied, present, blobCount, addedBytes, verifiedBytes);
        }
    }
}
