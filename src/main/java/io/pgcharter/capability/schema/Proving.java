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
import io.pgcharter.platform.definition.Definitions;
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
import java.util.stream.Stream;

/// Writes the script that gives the target the source's schema, and proves it on a scratch server: the target's
/// schema is made there and seen to be equal; the script is carried out in one transaction; what is there then
/// must be equal to the source's. Used by one thread.
final class Proving {
    /// What is completed may need completing: a publication first, then what it publishes.
    private static final int ROUNDS_MAX = 4;

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
    private final ScriptWriter.Schema after;

    /// Reads the definitions of both.
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
        this.after = ScriptWriter.read(source.url());
    }

    /// The script for one transaction.
    ///
    /// @throws ProblemException `SCHEMA_UNPROVEN` with what does not come out right
    ProvenScript prove() {
        run.check();
        try (Session session = copy()) {
            Storage held = Storage.of(session);
            session.execute("begin");
            Carrying carrying = new Carrying(session, run);
            List<String> script = new ArrayList<>(Indexes.outOfTheWay(target.catalog()));
            script.addAll(
                    Policies.outOfTheWay(ScriptWriter.between(before, after), target.catalog(), source.catalog()));
            carrying.carryOut(script);
            requireReached(carrying, session);
            session.execute("commit");
            return new ProvenScript(List.of(Step.quick(carrying.taken())), held.lostBy(Storage.of(session)));
        }
    }

    /// The same in steps. What needs one of a later step is found by trying.
    ///
    /// @param losses of the script for one transaction; these are the same
    /// @throws ProblemException `SCHEMA_UNPROVEN` with what does not come out right
    ProvenScript proveInSteps(Online.Draft draft, List<String> losses) {
        List<Step> steps = new ArrayList<>();
        try (Session session = copy()) {
            Carrying carrying = new Carrying(session, run);
            session.execute("begin");
            carrying.carryOut(draft.first());
            session.execute("commit");
            steps.add(Step.quick(carrying.taken()));
            List<String> late = new ArrayList<>();
            for (String statement : draft.slow()) {
                if (isThere(session, statement)) {
                    steps.add(slow(statement));
                } else {
                    late.add(statement);
                }
            }
            session.execute("begin");
            carrying.carryOut(draft.swap());
            session.execute("commit");
            steps.add(Step.quick(carrying.taken()));
            for (String statement : late) {
                session.execute(statement);
                steps.add(slow(statement));
            }
            session.execute("begin");
            requireReached(carrying, session);
            session.execute("commit");
            steps.add(Step.quick(carrying.taken()));
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
            if (Session.sqlState(e.problem()).filter(NOT_THERE_YET::contains).isPresent()) {
                return false;
            }
            throw e;
        }
    }

    /// Carries out what is known to be missing.
    private void requireReached(Carrying carrying, Session session) {
        Difference left = completed(carrying, session, wanted, source);
        if (!left.isEmpty()) {
            throw unproven(
                    "no script is known that gives '" + target.name() + "' the schema of '" + source.name() + "'",
                    "after the script these still differ: " + shown(left)
                            + carrying.firstFailure()
                                    .map(failure -> ". On a scratch server fails: " + failure)
                                    .orElse("")
                            + Stream.of(before, after)
                                    .flatMap(schema -> schema.notUnderstood().stream())
                                    .findFirst()
                                    .map(each -> ". Not understood by the writer of scripts: " + each)
                                    .orElse(""));
        }
    }

    /// A new database with the target's schema.
    private Session copy() {
        PostgresUrl scratch = database();
        try {
            definitions(target).proven(scratch, run);
        } catch (ProblemException e) {
            if (e.problem().code() == ProblemCode.SCHEMA_UNPROVEN) {
                throw notAnew(e.problem().fact() + ": " + e.problem().cause());
            }
            throw e;
        }
        Session session = Session.open(scratch, "proof");
        try {
            session.execute(ProvenScript.SETTINGS);
            finish(session);
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

    /// What nobody writes down: indexes that were never finished.
    private void finish(Session session) {
        session.execute("begin");
        Difference left =
                completed(new Carrying(session, run), session, Indexes.valid(Side.carried(target.catalog())), target);
        if (!left.isEmpty()) {
            throw notAnew("these differ there: " + shown(left));
        }
        session.execute("commit");
    }

    private ProblemException notAnew(String cause) {
        return unproven(
                "the schema of '" + target.name() + "' cannot be made anew on a scratch server, so no script is proven",
                cause);
    }

    /// Carries out what is known to be missing. @return what still differs then
    private Difference completed(Carrying carrying, Session session, Catalog to, Side of) {
        Optional<Definitions> own = Optional.empty();
        for (int round = 0; ; round++) {
            Catalog now = Side.carried(CatalogReader.readWithin(session));
            Difference left = Difference.between(now, to);
            if (left.isEmpty() || round == ROUNDS_MAX) {
                return left;
            }
            Definitions definitions = own.orElseGet(() -> definitions(of));
            own = Optional.of(definitions);
            if (!carrying.carryOut(Completion.of(now, to, definitions::of, false))
                    && !carrying.carryOut(Completion.of(now, to, definitions::of, true))) {
                return left;
            }
        }
    }

    private static Definitions definitions(Side side) {
        try (Session session = Session.open(side.url(), "schema")) {
            session.limitSilence();
            session.execute("begin isolation level repeatable read, read only");
            Definitions definitions = Definitions.read(session).without(Side.NOT_CARRIED);
            session.execute("rollback");
            return definitions;
        }
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
