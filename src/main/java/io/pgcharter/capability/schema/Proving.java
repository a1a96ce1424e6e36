package io.pgcharter.capability.schema;

import io.pgcharter.model.operation.Run;
import io.pgcharter.model.problem.ProblemCode;
import io.pgcharter.model.problem.ProblemException;
import io.pgcharter.model.schema.Catalog;
import io.pgcharter.model.schema.Difference;
import io.pgcharter.model.schema.ObjectKind;
import io.pgcharter.model.schema.ProvenScript;
import io.pgcharter.model.schema.ProvenScript.Kind;
import io.pgcharter.model.schema.ProvenScript.Step;
import io.pgcharter.platform.catalog.CatalogReader;
import io.pgcharter.platform.postgres.PostgresUrl;
import io.pgcharter.platform.postgres.Quoting;
import io.pgcharter.platform.postgres.Session;
import io.pgcharter.platform.script.ScriptWriter;
import io.pgcharter.policy.schema.Completion;
import io.pgcharter.policy.schema.Indexes;
import io.pgcharter.policy.schema.Online;
import io.pgcharter.policy.schema.Policies;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;

/// Writes the script that gives the target the source's schema, and proves it on a scratch server: the target's
/// schema is made there and seen to be equal; the script is carried out in one transaction; what is there then
/// must be equal to the source's. Used by one thread.
final class Proving {
    /// What is completed may need completing: a publication first, then what it publishes.
    private static final int ROUNDS_MAX = 3;

    private static final int LEFT_SHOWN_MAX = 8;

    /// SQLSTATEs of undefined tables, columns, functions, schemas, objects, and of a foreign key to what is not
    /// unique.
    private static final Set<String> NOT_THERE_YET = Set.of("42P01", "42703", "42883", "3F000", "42704", "42830");

    private final PostgresUrl scratchServer;
    private final Side source;
    private final Side target;
    private final Catalog wanted;
    private final Run run;
    private final ScriptWriter.Schema before;

    /// Reads the target's definitions.
    ///
    /// @param scratchServer the superuser's, of the target's major version. Roles and databases are made on it,
    /// and stay
    /// @throws ProblemException `SCHEMA_UNPROVEN` if a script would show a secret
    Proving(PostgresUrl scratchServer, Side source, Side target, Run run) {
        this.scratchServer = scratchServer;
        this.source = source;
        this.target = target;
        this.wanted = Side.carried(source.catalog());
        this.run = run;
        requireNoSecrets(source);
        requireNoSecrets(target);
        this.before = ScriptWriter.read(target.url());
    }

    /// The script for one transaction.
    ///
    /// @throws ProblemException `SCHEMA_UNPROVEN` with what does not come out right
    ProvenScript prove() {
        ScriptWriter.Schema after = ScriptWriter.read(source.url());
        run.check();
        try (Session session = copy()) {
            Storage held = Storage.of(session);
            session.execute("begin");
            List<String> script = new ArrayList<>(Indexes.outOfTheWay(target.catalog()));
            script.addAll(
                    Policies.outOfTheWay(ScriptWriter.between(before, after), target.catalog(), source.catalog()));
            List<String> statements =
                    carryOut(session, script, "the script from '" + target.name() + "' to '" + source.name() + "'");
            statements.addAll(completed(session, wanted));
            requireReached(session);
            session.execute("commit");
            return new ProvenScript(List.of(Step.quick(statements)), held.lostBy(Storage.of(session)));
        }
    }

    /// The same in steps. What needs one of a later step is found by trying.
    ///
    /// @param losses of the script for one transaction; these are the same
    /// @throws ProblemException `SCHEMA_UNPROVEN` with what does not come out right
    ProvenScript proveInSteps(Online.Draft draft, List<String> losses) {
        String what = "the script in steps";
        List<Step> steps = new ArrayList<>();
        try (Session session = copy()) {
            session.execute("begin");
            Carried first = carried(session, draft.first(), what);
            session.execute("commit");
            steps.add(Step.quick(first.done()));
            List<String> late = new ArrayList<>();
            for (String statement : draft.slow()) {
                if (isThere(session, statement)) {
                    steps.add(slow(statement));
                } else {
                    late.add(statement);
                }
            }
            session.execute("begin");
            List<String> swap = new ArrayList<>(draft.swap());
            swap.addAll(first.waiting());
            List<String> swapped = carryOut(session, swap, what);
            session.execute("commit");
            steps.add(Step.quick(swapped));
            for (String statement : late) {
                session.execute(statement);
                steps.add(slow(statement));
            }
            session.execute("begin");
            List<String> completed = completed(session, wanted);
            requireReached(session);
            session.execute("commit");
            steps.add(Step.quick(completed));
        }
        steps.removeIf(step -> step.statements().isEmpty());
        return new ProvenScript(steps, losses);
    }

    private static Step slow(String statement) {
        return new Step(Online.isAlone(statement) ? Kind.ALONE : Kind.LONG, List.of(statement));
    }

    /// Carries out a statement outside of transactions, unless it needs what is not there yet.
    private static boolean isThere(Session session, String statement) {
        try {
            session.execute(statement);
            return true;
        } catch (ProblemException e) {
            if (isNotThereYet(e)) {
                return false;
            }
            throw e;
        }
    }

    private void requireReached(Session session) {
        Difference left = Difference.between(Side.carried(CatalogReader.readWithin(session)), wanted);
        if (!left.isEmpty()) {
            throw unproven(
                    "no script is known that gives '" + target.name() + "' the schema of '" + source.name() + "'",
                    "after the script these still differ: " + shown(left));
        }
    }

    /// A new database with the target's schema.
    private Session copy() {
        PostgresUrl scratch = database();
        Session session = Session.open(scratch, "proof");
        try {
            session.execute(ProvenScript.SETTINGS);
            rebuild(session, scratch);
            return session;
        } catch (ProblemException e) {
            session.close();
            throw e;
        }
    }

    /// The script holds what servers are told in clear.
    private static void requireNoSecrets(Side side) {
        side.catalog().objects().forEach((name, attributes) -> {
            String options =
                    attributes.getOrDefault("options", "") + ", " + attributes.getOrDefault("foreign options", "");
            boolean foreign = name.kind() == ObjectKind.FOREIGN_SERVER
                    || name.kind() == ObjectKind.FOREIGN_DATA_WRAPPER
                    || (name.kind() == ObjectKind.TABLE && attributes.containsKey("server"));
            if (foreign
                    && List.of(options.split(", ", -1)).stream()
                            .anyMatch(option -> !option.isEmpty() && !option.contains("="))) {
                throw unproven(
                        "no script is written for '" + side.name() + "'",
                        name + " has a secret among its options, which a script would show");
            }
        });
    }

    /// A new database with every role that the two schemas name.
    private PostgresUrl database() {
        TreeSet<String> roles = new TreeSet<>(source.catalog().roles());
        roles.addAll(target.catalog().roles());
        String name = "proof_" + Long.toHexString(System.nanoTime());
        try (Session session = Session.open(scratchServer, "proof")) {
            for (String role : roles) {
                if (session.query("select from pg_roles where rolname = $1", role)
                        .isEmpty()) {
                    session.execute("create role " + Quoting.identifier(role) + " superuser");
                }
            }
            session.execute("create database " + Quoting.identifier(name) + " template template0");
        }
        return scratchServer.withDatabase(name);
    }

    private void rebuild(Session session, PostgresUrl scratch) {
        session.execute("begin");
        carryOut(
                session,
                ScriptWriter.between(ScriptWriter.read(scratch), before),
                "making the schema of '" + target.name() + "' anew");
        Catalog there = Indexes.valid(Side.carried(target.catalog()));
        completed(session, there);
        Difference left = Difference.between(Side.carried(CatalogReader.readWithin(session)), there);
        if (!left.isEmpty()) {
            throw unproven(
                    "the schema of '" + target.name()
                            + "' cannot be made anew on a scratch server, so no script is proven",
                    "these differ there: " + shown(left));
        }
        session.execute("commit");
    }

    /// Carries out what is known to be missing. @return its statements
    private List<String> completed(Session session, Catalog wanted) {
        List<String> all = new ArrayList<>();
        for (int round = 0; round < ROUNDS_MAX; round++) {
            List<String> more = Completion.of(Side.carried(CatalogReader.readWithin(session)), wanted);
            if (more.isEmpty()) {
                return all;
            }
            all.addAll(carryOut(session, more, "completing the script"));
        }
        return all;
    }

    /// What became of statements.
    ///
    /// @param done in the order in which they were carried out
    /// @param waiting that name what is not there
    /// @param missing why the first of them waits
    private record Carried(List<String> done, List<String> waiting, Optional<ProblemException> missing) {}

    /// @return the statements in the order in which they were carried out
    private List<String> carryOut(Session session, List<String> statements, String what) {
        Carried carried = carried(session, statements, what);
        carried.missing().ifPresent(missing -> {
            throw failed(what, carried.waiting().getFirst(), missing);
        });
        return carried.done();
    }

    /// Carries statements out in the session's transaction. One that names what is not there yet waits until others
    /// have been carried out: a writer of scripts cannot know every order, such as that of a view that calls a
    /// function that reads the view.
    private Carried carried(Session session, List<String> statements, String what) {
        List<String> done = new ArrayList<>();
        List<String> waiting = statements;
        while (!waiting.isEmpty()) {
            List<String> later = new ArrayList<>();
            Optional<ProblemException> missing = Optional.empty();
            for (String statement : waiting) {
                run.check();
                Optional<ProblemException> failure = attempt(session, statement);
                if (failure.isEmpty()) {
                    done.add(statement);
                } else if (isNotThereYet(failure.get())) {
                    later.add(statement);
                    missing = missing.or(() -> failure);
                } else {
                    throw failed(what, statement, failure.get());
                }
            }
            if (later.size() == waiting.size()) {
                return new Carried(done, later, missing);
            }
            waiting = later;
        }
        return new Carried(done, List.of(), Optional.empty());
    }

    private static boolean isNotThereYet(ProblemException e) {
        return Session.sqlState(e.problem()).filter(NOT_THERE_YET::contains).isPresent();
    }

    private static Optional<ProblemException> attempt(Session session, String statement) {
        try {
            session.execute("savepoint statement");
            session.execute(statement);
            session.execute("release savepoint statement");
            return Optional.empty();
        } catch (ProblemException e) {
            session.execute("rollback to savepoint statement");
            return Optional.of(e);
        }
    }

    private static ProblemException failed(String what, String statement, ProblemException e) {
        return unproven(
                what + " fails on a scratch server",
                e.problem().cause() + "; at: " + statement.lines().findFirst().orElse(statement));
    }

    private static ProblemException unproven(String fact, String cause) {
        return new ProblemException(
                ProblemCode.SCHEMA_UNPROVEN,
                fact,
                cause,
                "change what is named by a migration of your own; pgcharter schema diff shows all of it");
    }

    private static String shown(Difference left) {
        String first = left.changes().stream()
                .limit(LEFT_SHOWN_MAX)
                .map(change -> change.name() + " ("
                        + change.attributes().stream()
                                .map(Difference.Attribute::name)
                                .collect(Collectors.joining(", "))
                        + ")")
                .collect(Collectors.joining("; "));
        int more = left.changes().size() - LEFT_SHOWN_MAX;
        return more > 0 ? first + "; and " + more + " more" : first;
    }
}
