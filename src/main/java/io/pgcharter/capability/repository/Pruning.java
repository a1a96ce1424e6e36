package io.pgcharter.capability.repository;

import io.pgcharter.model.operation.Operation;
import io.pgcharter.model.operation.Report;
import io.pgcharter.model.operation.Run;
import io.pgcharter.platform.repository.PruneResult;
import io.pgcharter.platform.repository.Repositories;
import io.pgcharter.platform.repository.Repository;
import io.pgcharter.policy.charter.Charter;
import io.pgcharter.policy.guard.Permit;

/// Frees the space of what was forgotten. Thread-safe.
public final class Pruning {
    private final Charter charter;
    private final Repositories repositories;

    public Pruning(Charter charter, Repositories repositories) {
        this.charter = charter;
        this.repositories = repositories;
    }

    /// Nothing is removed unless the lease is known to be held still, right before.
    public Report.RepositoryPrune run(Permit permit, Operation.RepositoryPrune operation, Run run) {
        permit.consume(operation);
        run.check();
        Charter.RepositoryPlace place = charter.repository(operation.repository());
        try (Repository repository = repositories.open(place.storage(), place.password());
                Run.Step step = run.begin("pruning the repository", 0, Run.Unit.BYTES)) {
            PruneResult result = repository.prune(
                    operation.grace(),
                    bytes -> {
                        run.check();
                        step.add(bytes);
                    },
                    run::fence);
            return new Report.RepositoryPrune(
                    operation.repository(),
                    result.snapshotCount(),
                    result.packCount(),
                    result.repackedBytes(),
                    result.markedPackCount(),
                    result.markedBytes(),
                    result.removableAt(),
                    result.freedPackCount(),
                    result.freedBytes(),
                    result.waiting());
        }
    }
}
