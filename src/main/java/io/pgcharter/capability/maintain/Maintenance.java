package io.pgcharter.capability.maintain;

import io.pgcharter.model.operation.Operation;
import io.pgcharter.model.operation.Report;
import io.pgcharter.model.operation.Run;
import io.pgcharter.model.problem.ProblemException;
import io.pgcharter.platform.postgres.PostgresUrl;
import io.pgcharter.platform.secret.Secrets;
import io.pgcharter.policy.charter.Charter;
import io.pgcharter.policy.charter.MaintenancePlan;
import io.pgcharter.policy.guard.Permit;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;

/// Maintains one database. What it is in the middle of when it dies is finished or cleared away by the next run.
/// Thread-safe.
public final class Maintenance {
    private final Charter charter;
    private final Secrets secrets;
    private final InstantSource clock;

    public Maintenance(Charter charter, Secrets secrets, InstantSource clock) {
        this.charter = charter;
        this.secrets = secrets;
        this.clock = clock;
    }

    /// What stands in the way of one table does not keep the others from being maintained: it is in the report.
    ///
    /// @throws ProblemException if the server cannot be reached, is a standby, or the run was cancelled
    public Report.Maintain run(Permit permit, Operation.Maintain operation, Run run) {
        permit.consume(operation);
        Instant begun = clock.instant();
        PostgresUrl url = PostgresUrl.parse(
                secrets.resolve(charter.database(operation.database()).url()));
        MaintenancePlan.Plan plan = charter.serving().maintenance().of(operation.database());
        try (Workplace place = Workplace.open(url, plan, run, clock)) {
            int judged = switch (operation.task()) {
                case VACUUM -> new Vacuuming(place).work();
                case REINDEX -> new Reindexing(place).work();
                case STATISTICS -> new Analyzing(place).work();
                case PARTITIONS -> new Partitioning(place).work();
            };
            return new Report.Maintain(
                    operation.database(),
                    operation.task(),
                    judged,
                    place.rows(),
                    place.notes(),
                    Duration.between(begun, clock.instant()).toMillis());
        }
    }
}
