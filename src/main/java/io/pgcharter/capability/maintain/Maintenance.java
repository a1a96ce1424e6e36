package io.pgcharter.capability.maintain;

import io.pgcharter.model.operation.Operation;
import io.pgcharter.model.operation.Report;
import io.pgcharter.model.operation.Report.MaintainRow;
import io.pgcharter.model.operation.Report.Upkeep;
import io.pgcharter.model.operation.Run;
import io.pgcharter.model.problem.ProblemCode;
import io.pgcharter.model.problem.ProblemException;
import io.pgcharter.platform.postgres.PostgresUrl;
import io.pgcharter.platform.secret.Secrets;
import io.pgcharter.policy.charter.Charter;
import io.pgcharter.policy.charter.MaintenancePlan;
import io.pgcharter.policy.guard.Permit;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;

/// Maintains one database. What it is in the middle of when it dies is finished or cleared away by the next run.
/// Thread-safe.
public final class Maintenance {
    /// Of more that failed the number is said.
    private static final int NAMED_MAX = 20;

    private final Charter charter;
    private final Secrets secrets;
    private final InstantSource clock;

    public Maintenance(Charter charter, Secrets secrets, InstantSource clock) {
        this.charter = charter;
        this.secrets = secrets;
        this.clock = clock;
    }

    /// What stands in the way of one table does not keep the others from being maintained. What passes by itself is in
    /// the report; what a person has to see to makes the run fail when all others are done.
    ///
    /// @throws ProblemException if the server cannot be reached, is a standby, or the run was cancelled;
    ///     `MAINTENANCE_INCOMPLETE` naming what failed and why
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
            Report.Maintain report = new Report.Maintain(
                    operation.database(),
                    operation.task(),
                    judged,
                    place.rows(),
                    place.notes(),
                    Duration.between(begun, clock.instant()).toMillis());
            failed(report);
            return report;
        }
    }

    private static void failed(Report.Maintain report) {
        List<MaintainRow> failed = of(report, Upkeep.FAILED);
        if (failed.isEmpty()) {
            return;
        }
        String named = failed.stream()
                .limit(NAMED_MAX)
                .map(row -> row.subject() + ": " + row.result())
                .collect(Collectors.joining("; "));
        String more = failed.size() > NAMED_MAX ? "; and " + (failed.size() - NAMED_MAX) + " more" : "";
        throw new ProblemException(
                ProblemCode.MAINTENANCE_INCOMPLETE,
                failed.size() + " of " + report.rows().size() + " " + noun(report.task())
                        + " that needed something failed in '" + report.database() + "'",
                named + more + ". Of the others " + of(report, Upkeep.DONE).size() + " were done, "
                        + of(report, Upkeep.GIVEN_UP).size() + " are left for the next run",
                "see to what the cause names, then: pgcharter maintain " + report.database() + " "
                        + report.task().name().toLowerCase(Locale.ROOT));
    }

    private static List<MaintainRow> of(Report.Maintain report, Upkeep outcome) {
        return report.rows().stream().filter(row -> row.outcome() == outcome).toList();
    }

    private static String noun(Operation.Maintain.Task task) {
        return switch (task) {
            case VACUUM, STATISTICS -> "tables";
            case REINDEX -> "indexes";
            case PARTITIONS -> "partitions";
        };
    }
}
