package io.pgcharter.capability.release;

import io.pgcharter.model.id.DatabaseName;
import io.pgcharter.model.migration.Release;
import io.pgcharter.model.operation.ReleaseStanding;
import io.pgcharter.model.operation.Run;
import io.pgcharter.model.operation.SchemaOperation;
import io.pgcharter.model.operation.SchemaReport;
import io.pgcharter.model.problem.ProblemCode;
import io.pgcharter.model.problem.ProblemException;
import io.pgcharter.platform.metrics.MetricHistory;
import io.pgcharter.platform.metrics.StatementReadings;
import io.pgcharter.platform.postgres.PostgresUrl;
import io.pgcharter.platform.repository.Repositories;
import io.pgcharter.platform.secret.Secrets;
import io.pgcharter.platform.state.Outbox;
import io.pgcharter.platform.state.Rehearsals;
import io.pgcharter.platform.state.Releases;
import io.pgcharter.platform.state.State;
import io.pgcharter.policy.charter.Charter;
import io.pgcharter.policy.charter.MigrationPlan.Migrations;
import io.pgcharter.policy.charter.ReleasePlan;
import io.pgcharter.policy.guard.Permit;
import java.time.InstantSource;
import java.util.Optional;

/// Releases migrations to a database, one step after another; killed at any instant, the next run of it goes on where
/// it stood. Thread-safe.
public final class ReleaseWork {
    private final Charter charter;
    private final Secrets secrets;
    private final Repositories repositories;
    private final State state;
    private final InstantSource clock;

    public ReleaseWork(Charter charter, Secrets secrets, Repositories repositories, State state, InstantSource clock) {
        this.charter = charter;
        this.secrets = secrets;
        this.repositories = repositories;
        this.state = state;
        this.clock = clock;
    }

    /// @throws ProblemException `REHEARSAL_MISSING`, `MIGRATION_UNTRIED`, `WINDOW_CLOSED` with nothing touched;
    /// `RELEASE_ROLLED_BACK`, `RELEASE_STOPPED`, `RELEASE_STUCK` where something went wrong after;
    /// `RELEASE_CHANGED` if files of one that is half applied were changed
    public SchemaReport.Release run(Permit permit, SchemaOperation.Release operation, Run run) {
        permit.consume(operation);
        DatabaseName database = operation.database();
        Releases releases = new Releases(state);
        Optional<Release> open = releases.open(database);
        if (operation.abandon()) {
            return abandon(releases, open, database);
        }
        Footing footing = footing(database);
        Tidings tidings = new Tidings(
                new Outbox(state),
                footing.plan().told(),
                charter.database(database).environment());
        Rehearsals rehearsals = new Rehearsals(state);
        Steps.Means means = new Steps.Means(
                tidings,
                new Verifying(charter, footing, rehearsals),
                new Watcher(footing, new MetricHistory(state), new StatementReadings(state)));
        operation.waiting().ifPresent(longest -> new Opening(footing, rehearsals, clock).await(open, longest, run));
        return new Conduct(
                        new Pinning(footing, rehearsals, clock),
                        new Steps(charter, footing, repositories, means, clock),
                        releases,
                        footing.plan().back(),
                        clock,
                        run)
                .go(open)
                .map(over -> new SchemaReport.Release(
                        database, Release.State.RELEASED, Optional.of(ReleaseStanding.of(over))))
                .orElseGet(() -> new SchemaReport.Release(database, Release.State.RELEASED, Optional.empty()));
    }

    private static SchemaReport.Release abandon(Releases releases, Optional<Release> open, DatabaseName database) {
        Release given = open.orElseThrow(() -> new ProblemException(
                ProblemCode.NOT_FOUND,
                "no release of '" + database + "' is open",
                "the last one has ended, or there was none",
                "pgcharter migrate status " + database));
        releases.conclude(given.id(), Release.State.ABANDONED);
        return new SchemaReport.Release(database, Release.State.ABANDONED, Optional.of(ReleaseStanding.of(given)));
    }

    private Footing footing(DatabaseName database) {
        Migrations migrations = charter.shaping()
                .migrations()
                .of(database)
                .orElseThrow(() -> new IllegalStateException("the guard asked for migrations of " + database));
        ReleasePlan plan = migrations
                .release()
                .orElseThrow(() -> new IllegalStateException("the guard asked how " + database + " is released"));
        return new Footing(
                database,
                migrations,
                plan,
                PostgresUrl.parse(secrets.resolve(charter.database(database).url())),
                charter.releaseRepository(database)
                        .orElseThrow(() -> new IllegalStateException("the guard asked for backups of " + database)));
    }
}
