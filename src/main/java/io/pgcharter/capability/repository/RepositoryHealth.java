package io.pgcharter.capability.repository;

import io.pgcharter.model.id.RepositoryName;
import io.pgcharter.model.operation.Operation;
import io.pgcharter.model.operation.Report;
import io.pgcharter.model.operation.Run;
import io.pgcharter.model.problem.ProblemCode;
import io.pgcharter.model.problem.ProblemException;
import io.pgcharter.platform.repository.CheckProgress;
import io.pgcharter.platform.repository.CheckResult;
import io.pgcharter.platform.repository.Fault;
import io.pgcharter.platform.repository.PackLedger;
import io.pgcharter.platform.repository.RepairResult;
import io.pgcharter.platform.repository.Repositories;
import io.pgcharter.platform.repository.Repository;
import io.pgcharter.platform.state.PackReadings;
import io.pgcharter.policy.charter.Charter;
import io.pgcharter.policy.guard.Permit;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// `repository check` and `repository repair`. Stateless and thread-safe.
public final class RepositoryHealth {
    private final Charter charter;
    private final Repositories repositories;
    private final PackReadings readings;

    public RepositoryHealth(Charter charter, Repositories repositories, PackReadings readings) {
        this.charter = charter;
        this.repositories = repositories;
        this.readings = readings;
    }

    /// Damage is part of the report, not a failure of the check.
    public Report.RepositoryCheck check(Permit permit, Operation.RepositoryCheck operation, Run run) {
        permit.consume(operation);
        run.check();
        try (Repository repository = open(operation.repository());
                Steps steps = new Steps(run, "checking the structure")) {
            CheckResult result = repository.check(operation.reading(), ledger(repository), steps);
            Findings findings = new Findings(operation.repository(), repository, result);
            return report(operation, result, findings);
        } catch (ProblemException e) {
            if (e.problem().code() == ProblemCode.REPOSITORY_DAMAGED) {
                return shut(operation, e);
            }
            throw e;
        }
    }

    private static Report.RepositoryCheck report(
            Operation.RepositoryCheck operation, CheckResult result, Findings findings) {
        return new Report.RepositoryCheck(
                operation.repository(),
                result.snapshotCount(),
                result.packCount(),
                result.blobCount(),
                result.readBytes(),
                result.readPackCount(),
                result.duePackCount(),
                result.oldestReadAt(),
                findings.of(fault -> fault.kind() != Fault.Kind.LEFTOVER),
                findings.of(fault -> fault.kind() == Fault.Kind.LEFTOVER));
    }

    /// What keeps a repository from being opened at all.
    private static Report.RepositoryCheck shut(Operation.RepositoryCheck operation, ProblemException damage) {
        Report.Finding finding = new Report.Finding(
                damage.problem().fact() + ": " + damage.problem().cause(),
                List.of("every backup in the repository: it cannot be opened; their content is not touched by this"),
                "bring the file back from a copy of the repository, then check again: pgcharter repository check "
                        + operation.repository());
        return new Report.RepositoryCheck(
                operation.repository(), 0, 0, 0, 0, 0, 0, Optional.empty(), List.of(finding), List.of());
    }

    /// What is lost for good is part of the report, not a failure of the repair.
    public Report.RepositoryRepair repair(Permit permit, Operation.RepositoryRepair operation, Run run) {
        permit.consume(operation);
        run.check();
        Optional<Repository> other = operation.from().map(this::open);
        try (Repository repository = open(operation.repository());
                Steps steps = new Steps(run, "repairing")) {
            run.fence();
            RepairResult result = repository.repair(other, ledger(repository), steps);
            Findings findings = new Findings(operation.repository(), repository, result.after());
            return new Report.RepositoryRepair(
                    operation.repository(),
                    result.indexedPackCount(),
                    result.fetchedBlobCount(),
                    done(result),
                    Stream.concat(
                                    result.lostSnapshots().stream().map(RepositoryHealth::lost),
                                    findings.of(fault -> fault.kind() != Fault.Kind.LEFTOVER).stream()
                                            .flatMap(finding ->
                                                    finding.costs().stream().map(cost -> finding.fact() + ": " + cost)))
                            .toList());
        } finally {
            other.ifPresent(Repository::close);
        }
    }

    private static String lost(String snapshot) {
        return "the snapshot '" + snapshot.substring(0, 8)
                + "', a backup or what was noted of one; which, tells pgcharter"
                + " journal; pgcharter repository copy brings it back from a repository that has it";
    }

    private Repository open(RepositoryName name) {
        Charter.RepositoryPlace place = charter.repository(name);
        return repositories.open(place.storage(), place.password());
    }

    private static List<String> done(RepairResult result) {
        List<String> done = new ArrayList<>();
        if (result.indexedPackCount() > 0) {
            done.add("packs listed in a new index, by what they say of themselves: " + result.indexedPackCount());
        }
        if (result.rescuedBlobCount() > 0) {
            done.add("blobs moved out of damaged packs, where they could still be read: " + result.rescuedBlobCount());
        }
        if (result.fetchedBlobCount() > 0) {
            done.add("lost blobs fetched from the other repository: " + result.fetchedBlobCount());
        }
        result.setAside().forEach(key -> done.add("moved '" + key + "' to 'pgcharter/damaged/" + key + "'"));
        return done;
    }

    private PackLedger ledger(Repository repository) {
        return new Ledger(readings, repository.id());
    }

    private record Ledger(PackReadings readings, String repository) implements PackLedger {
        @Override
        public Map<String, Instant> load() {
            return readings.load(repository);
        }

        @Override
        public void enter(Collection<String> packs, Instant at) {
            readings.enter(repository, packs, at);
        }

        @Override
        public void remove(Collection<String> packs) {
            readings.remove(repository, packs);
        }
    }

    /// Shows the work as steps of the run, and stops it with the run.
    private static final class Steps implements CheckProgress, AutoCloseable {
        private final Run run;
        private final Run.Step first;
        private Run.@Nullable Step packs;

        Steps(Run run, String name) {
            this.run = run;
            first = run.begin(name, 0, Run.Unit.ITEMS);
        }

        @Override
        public synchronized void reading(long totalBytes) {
            packs = run.begin("reading packs", totalBytes, Run.Unit.BYTES);
        }

        @Override
        public void read(long bytes) {
            run.check();
            Run.Step step = packs();
            if (step != null) {
                step.add(bytes);
            }
        }

        private synchronized Run.@Nullable Step packs() {
            return packs;
        }

        @Override
        public void pause() {
            run.check();
        }

        @Override
        public void close() {
            Run.Step step = packs();
            if (step != null) {
                step.close();
            }
            first.close();
        }
    }
}
