package io.pgcharter.capability.seed;

import io.pgcharter.model.operation.Run;
import io.pgcharter.model.operation.Run.Step;
import io.pgcharter.model.operation.Run.Unit;
import io.pgcharter.model.operation.SchemaOperation;
import io.pgcharter.model.operation.SchemaReport;
import io.pgcharter.model.problem.ProblemCode;
import io.pgcharter.model.problem.ProblemException;
import io.pgcharter.platform.postgres.PostgresUrl;
import io.pgcharter.platform.postgres.Session;
import io.pgcharter.platform.secret.Secrets;
import io.pgcharter.platform.sql.SqlParser;
import io.pgcharter.policy.charter.Charter;
import io.pgcharter.policy.charter.Charter.Database;
import io.pgcharter.policy.charter.SeedPlan.Load;
import io.pgcharter.policy.charter.SeedPlan.State;
import io.pgcharter.policy.guard.Permit;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;

/// Brings a database into a named state: all of its tables are emptied, but for the history of migrations, then the
/// state's loads come in order, all in one transaction. So it is the same every time, and if anything fails nothing
/// has changed. Thread-safe.
public final class Seeding {
    /// Whoever works in the database is waited for so long.
    private static final String LIMITS =
            "SET LOCAL lock_timeout = '10s'; SET LOCAL idle_in_transaction_session_timeout = 0";

    private final Charter charter;
    private final Secrets secrets;
    private final Supplier<SqlParser> parser;
    private final InstantSource clock;

    public Seeding(Charter charter, Secrets secrets, Supplier<SqlParser> parser, InstantSource clock) {
        this.charter = charter;
        this.secrets = secrets;
        this.parser = parser;
        this.clock = clock;
    }

    /// @throws ProblemException `NOT_FOUND` for a state that the charter does not have, or a file or table that is
    /// not
    ///     there; `SQL_INVALID` with file and line; what the server says to a statement
    public SchemaReport.Seed run(Permit permit, SchemaOperation.Seed operation, Run run) {
        permit.consume(operation);
        Instant begun = clock.instant();
        Database database = charter.database(operation.database());
        State state = state(database, operation.state());
        List<SeedFile> files = new ArrayList<>(); // all are read before anything is touched
        for (Load load : state.loads()) {
            files.add(SeedFile.of(load, parser));
        }
        try (Session session = Session.open(PostgresUrl.parse(secrets.resolve(database.url())), "seed")) {
            SeedTables tables = new SeedTables(session);
            session.endWithClient();
            session.execute("BEGIN; " + LIMITS);
            try (Step step = run.begin("emptying tables", 0, Unit.ITEMS)) {
                step.add(tables.empty());
            }
            SeedLoad load = new SeedLoad(session, run);
            try (Step step = run.begin("loading '" + state.name() + "'", files.size(), Unit.ITEMS)) {
                for (SeedFile file : files) {
                    load.load(file);
                    step.add(1);
                }
            }
            List<SchemaReport.SeededTable> seeded = tables.counts();
            tables.refreshViews(run);
            run.fence();
            session.execute("COMMIT");
            return new SchemaReport.Seed(
                    operation.database(),
                    state.name(),
                    seeded,
                    Duration.between(begun, clock.instant()).toMillis());
        }
    }

    private State state(Database database, String name) {
        return charter.shaping()
                .seeds()
                .find(database.environment(), name)
                .orElseThrow(() -> new ProblemException(
                        ProblemCode.NOT_FOUND,
                        "environment " + database.environment() + " has no seed state '" + name + "'"
                                + Charter.suggestion(
                                        name,
                                        charter.shaping()
                                                .seeds()
                                                .of(database.environment())
                                                .keySet()),
                        charter.whereSection("seeds") + " names no such state for it",
                        "use a state that is there, or add it: see docs/seed.md"));
    }
}
