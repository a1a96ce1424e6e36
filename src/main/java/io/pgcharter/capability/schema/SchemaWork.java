package io.pgcharter.capability.schema;

import io.pgcharter.capability.schema.Scripting.Scripted;
import io.pgcharter.model.id.DatabaseName;
import io.pgcharter.model.operation.Run;
import io.pgcharter.model.operation.SchemaOperation;
import io.pgcharter.model.operation.SchemaReport;
import io.pgcharter.model.problem.ProblemCode;
import io.pgcharter.model.problem.ProblemException;
import io.pgcharter.model.schema.Catalog;
import io.pgcharter.model.schema.Difference;
import io.pgcharter.model.schema.ProvenScript;
import io.pgcharter.platform.postgres.PostgresUrl;
import io.pgcharter.platform.sandbox.Sandboxes;
import io.pgcharter.platform.secret.Secrets;
import io.pgcharter.platform.sql.SqlParser;
import io.pgcharter.policy.charter.Charter;
import io.pgcharter.policy.charter.MigrationPlan.Migrations;
import io.pgcharter.policy.guard.Permit;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.Supplier;

/// Compares schemas and carries one over. Thread-safe.
public final class SchemaWork {
    private final Charter charter;
    private final Secrets secrets;
    private final Sandboxes sandboxes;
    private final Supplier<SqlParser> parser;
    private final ScriptJudge judge;

    /// @param parser made on its first use
    public SchemaWork(
            Charter charter, Secrets secrets, Sandboxes sandboxes, Supplier<SqlParser> parser, ScriptJudge judge) {
        this.charter = charter;
        this.secrets = secrets;
        this.sandboxes = sandboxes;
        this.parser = parser;
        this.judge = judge;
    }

    /// @throws ProblemException `SCHEMA_UNPROVEN` if a script was asked for and none can be proven; what connecting
    /// meets
    public SchemaReport.SchemaDiff diff(Permit permit, SchemaOperation.SchemaDiff operation, Run run) {
        permit.consume(operation);
        Sides sides = sides(operation.source(), operation.target(), run);
        Side source = sides.source();
        Side target = sides.target();
        Optional<Scripted> scripted =
                operation.script() ? Optional.of(scripted(source, target, run)) : Optional.empty();
        return new SchemaReport.SchemaDiff(
                operation.source(),
                operation.target(),
                source.catalog().fingerprint(),
                target.catalog().fingerprint(),
                Difference.between(target.catalog(), source.catalog()).changes(),
                scripted.map(Scripted::script),
                scripted.map(Scripted::findings).orElse(List.of()));
    }

    /// Compares with the other database, or with what the database's own migrations make on a scratch server.
    ///
    /// @throws ProblemException `USAGE` if nothing is named and the charter has no migrations of it;
    ///     `SCHEMA_UNPROVEN` if what they make cannot be known; what connecting meets
    public SchemaReport.SchemaDrift drift(Permit permit, SchemaOperation.SchemaDrift operation, Run run) {
        permit.consume(operation);
        Side live = side(operation.database(), run);
        Difference difference = operation
                .other()
                .map(other -> Difference.between(side(other, run).catalog(), live.catalog()))
                .orElseGet(() -> fromMigrations(operation.database(), live, run));
        return new SchemaReport.SchemaDrift(
                operation.database(), operation.other(), live.catalog().fingerprint(), difference.changes());
    }

    private Difference fromMigrations(DatabaseName database, Side live, Run run) {
        Migrations plan = charter.shaping()
                .migrations()
                .of(database)
                .orElseThrow(() -> new ProblemException(
                        ProblemCode.USAGE,
                        "nothing is named that '" + database + "' should be like",
                        "the charter has no migrations of it, and no other database is named",
                        "pgcharter schema drift " + database + " --from OTHER"));
        OwnMigrations migrations = new OwnMigrations(live, plan, parser.get(), run);
        try (Run.Step _ = run.begin("carrying the migrations out on a scratch server", 0, Run.Unit.ITEMS);
                Sandboxes.Sandbox sandbox = scratch(live, "to carry its migrations out on")) {
            return Difference.between(
                    migrations.answeredFor(migrations.made(sandbox.url())), migrations.answeredFor(live.catalog()));
        }
    }

    /// Carries the source's schema over, in one transaction or, where that would keep people waiting, in steps. Run
    /// again after it was stopped, it goes on.
    ///
    /// @throws ProblemException `SCHEMA_UNPROVEN`, `SCHEMA_LOSES`, `ROWS_IN_THE_WAY`, `TIMED_OUT` if a lock cannot
    ///     be had: nothing is changed; `SCHEMA_UNFINISHED` if a later step fails
    public SchemaReport.SchemaPush push(Permit permit, SchemaOperation.SchemaPush operation, Run run) {
        permit.consume(operation);
        Side source = side(operation.source(), run);
        Side target = side(operation.target(), run);
        Catalog wanted = Side.carried(source.catalog());
        if (Difference.between(Side.carried(target.catalog()), wanted).isEmpty()) {
            return new SchemaReport.SchemaPush(
                    operation.source(),
                    operation.target(),
                    new ProvenScript(List.of(), List.of()),
                    List.of(),
                    target.catalog().fingerprint());
        }
        Scripted scripted = scripted(source, target, run);
        ProvenScript script = scripted.script();
        if (!script.losses().isEmpty() && !operation.losing()) {
            throw new ProblemException(
                    ProblemCode.SCHEMA_LOSES,
                    "'" + target.name() + "' would lose rows or values by the schema of '" + source.name() + "'",
                    String.join("; ", script.losses()),
                    "pgcharter schema push " + source.name() + " " + target.name()
                            + " --losing, if all of that may go; a backup first");
        }
        Push push = new Push(target, wanted, run);
        if (!scripted.online().isEmpty()) {
            push.requireRowsFit(scripted.online(), parser.get());
        }
        return new SchemaReport.SchemaPush(
                operation.source(), operation.target(), script, scripted.findings(), push.carryOut(script));
    }

    private record Sides(Side source, Side target) {}

    /// Both read at once: each by its own server.
    private Sides sides(DatabaseName source, DatabaseName target, Run run) {
        try (ExecutorService beside = Executors.newVirtualThreadPerTaskExecutor()) {
            Future<Side> first = beside.submit(() -> side(source, run));
            Side second = side(target, run);
            return new Sides(first.get(), second);
        } catch (ExecutionException e) {
            if (e.getCause() instanceof ProblemException problem) {
                throw problem;
            }
            throw new IllegalStateException(e.getCause());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while schemas were read", e);
        }
    }

    private Side side(DatabaseName name, Run run) {
        run.check();
        try (Run.Step _ = run.begin("reading the schema of " + name, 0, Run.Unit.ITEMS)) {
            return Side.read(
                    name.text(),
                    PostgresUrl.parse(secrets.resolve(charter.database(name).url())));
        }
    }

    private Scripted scripted(Side source, Side target, Run run) {
        try (Run.Step _ = run.begin("proving the script on a scratch server", 0, Run.Unit.ITEMS);
                Sandboxes.Sandbox sandbox = scratch(target, "to prove the script on")) {
            return new Scripting(source, target, parser.get(), judge, run).scripted(sandbox.url());
        }
    }

    /// A server of just the database's version.
    private Sandboxes.Sandbox scratch(Side like, String what) {
        int major = like.catalog().serverMajor();
        Sandboxes.Sandbox sandbox = sandboxes.start(major);
        if (sandbox.major() != major) {
            int found = sandbox.major();
            sandbox.close();
            throw new ProblemException(
                    ProblemCode.PROGRAM_MISSING,
                    "there is no PostgreSQL " + major + " server on this machine " + what,
                    "'" + like.name() + "' is of version " + major + ", the nearest found is " + found,
                    "apt install postgresql-" + major);
        }
        return sandbox;
    }
}
