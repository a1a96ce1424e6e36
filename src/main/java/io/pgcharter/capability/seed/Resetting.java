package io.pgcharter.capability.seed;

import io.pgcharter.model.operation.Run;
import io.pgcharter.model.operation.SchemaOperation;
import io.pgcharter.model.operation.SchemaReport;
import io.pgcharter.platform.dump.TargetDatabase;
import io.pgcharter.platform.postgres.PostgresUrl;
import io.pgcharter.platform.secret.Secrets;
import io.pgcharter.policy.charter.Charter;
import io.pgcharter.policy.guard.Permit;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Optional;

/// Makes a database anew: drops everything in it, then has it migrated and seeded, each a run of its own. Killed at
/// any instant, it can be run again. Thread-safe.
public final class Resetting {
    private final Charter charter;
    private final Secrets secrets;
    private final InstantSource clock;

    public Resetting(Charter charter, Secrets secrets, InstantSource clock) {
        this.charter = charter;
        this.secrets = secrets;
        this.clock = clock;
    }

    /// @throws io.pgcharter.model.problem.ProblemException what a part of it failed of
    public SchemaReport.Reset run(Permit permit, SchemaOperation.Reset operation, Run run) {
        permit.consume(operation);
        Instant begun = clock.instant();
        PostgresUrl url = PostgresUrl.parse(
                secrets.resolve(charter.database(operation.database()).url()));
        run.fence();
        int dropped;
        try (Run.Step step = run.begin("dropping what is there", 0, Run.Unit.ITEMS)) {
            dropped = new TargetDatabase(url).empty();
            step.add(dropped);
        }
        int migrations = 0;
        if (charter.shaping().migrations().of(operation.database()).isPresent()) {
            var up = (SchemaReport.MigrateUp)
                    run.submit(new SchemaOperation.MigrateUp(operation.database(), Optional.empty()));
            migrations = up.migrations().size();
        }
        Optional<SchemaReport.Seed> seed = operation.state().map(state ->
                (SchemaReport.Seed) run.submit(new SchemaOperation.Seed(operation.database(), state)));
        return new SchemaReport.Reset(
                operation.database(),
                dropped,
                migrations,
                seed,
                Duration.between(begun, clock.instant()).toMillis());
    }
}
