package io.pgcharter.capability.schema;

import io.pgcharter.model.operation.Run;
import io.pgcharter.model.problem.ProblemCode;
import io.pgcharter.model.problem.ProblemException;
import io.pgcharter.model.schema.Catalog;
import io.pgcharter.model.schema.Difference;
import io.pgcharter.model.schema.ObjectKind;
import io.pgcharter.model.schema.ProvenScript;
import io.pgcharter.platform.catalog.CatalogReader;
import io.pgcharter.platform.definition.Definitions;
import io.pgcharter.platform.postgres.PostgresUrl;
import io.pgcharter.platform.postgres.Quoting;
import io.pgcharter.platform.postgres.Session;
import io.pgcharter.platform.script.ScriptWriter;
import io.pgcharter.policy.schema.Completion;
import io.pgcharter.policy.schema.Policies;
import java.util.List;
import java.util.Optional;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/// Writes the script that gives the target the source's schema, and proves it on a scratch server: the target's
/// schema is made there and seen to be equal; the script is carried out in one transaction; what is there then
/// must be equal to the source's.
final class Proving {
    /// What is completed may need completing: a publication first, then what it publishes.
    private static final int ROUNDS_MAX = 4;

    private static final int LEFT_SHOWN_MAX = 8;

    private final PostgresUrl scratchServer;
    private final Run run;

    /// @param scratchServer the superuser's, of the target's major version. Roles and a database are made on it,
    /// and stay
    Proving(PostgresUrl scratchServer, Run run) {
        this.scratchServer = scratchServer;
        this.run = run;
    }

    /// @throws ProblemException `SCHEMA_UNPROVEN` with what does not come out right
    ProvenScript prove(Side source, Side target) {
        requireNoSecrets(source);
        requireNoSecrets(target);
        ScriptWriter.Schema before = ScriptWriter.read(target.url());
        ScriptWriter.Schema after = ScriptWriter.read(source.url());
        run.check();
        PostgresUrl scratch = database(source, target);
        rebuild(scratch, target);
        try (Session session = Session.open(scratch, "proof")) {
            Storage held = Storage.of(session);
            session.execute("begin; " + ProvenScript.SETTINGS);
            Carrying carrying = new Carrying(session, run);
            carrying.carryOut(
                    Policies.outOfTheWay(ScriptWriter.between(before, after), target.catalog(), source.catalog()));
            Difference left = completed(carrying, session, source);
            if (!left.isEmpty()) {
                throw unproven(
                        "no script is known that gives '" + target.name() + "' the schema of '" + source.name() + "'",
                        "after the script these still differ: " + shown(left)
                                + why(carrying.firstFailure(), before, after));
            }
            session.execute("commit");
            return new ProvenScript(carrying.done(), held.lostBy(Storage.of(session)));
        }
    }

    private static String why(Optional<String> failure, ScriptWriter.Schema before, ScriptWriter.Schema after) {
        return failure.map(each -> ". On a scratch server fails: " + each).orElse("")
                + Stream.of(before, after)
                        .flatMap(schema -> schema.notUnderstood().stream())
                        .findFirst()
                        .map(each -> ". Not understood by the writer of scripts: " + each)
                        .orElse("");
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
    private PostgresUrl database(Side source, Side target) {
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

    private void rebuild(PostgresUrl scratch, Side target) {
        try {
            definitions(target).proven(scratch, run);
        } catch (ProblemException e) {
            if (e.problem().code() == ProblemCode.SCHEMA_UNPROVEN) {
                throw unproven(
                        "the schema of '" + target.name()
                                + "' cannot be made anew on a scratch server, so no script is proven",
                        e.problem().fact() + ": " + e.problem().cause());
            }
            throw e;
        }
        try (Session session = Session.open(scratch, "proof")) {
            Difference left =
                    Difference.between(Side.carried(CatalogReader.read(session)), Side.carried(target.catalog()));
            if (!left.isEmpty()) {
                throw unproven(
                        "the schema of '" + target.name()
                                + "' cannot be made anew on a scratch server, so no script is proven",
                        "these differ there: " + shown(left));
            }
        }
    }

    /// Carries out what is known to be missing. @return what still differs then
    private Difference completed(Carrying carrying, Session session, Side source) {
        Catalog wanted = Side.carried(source.catalog());
        Optional<Definitions> own = Optional.empty();
        for (int round = 0; ; round++) {
            Catalog now = Side.carried(CatalogReader.readWithin(session));
            Difference left = Difference.between(now, wanted);
            if (left.isEmpty() || round == ROUNDS_MAX) {
                return left;
            }
            Definitions definitions = own.orElseGet(() -> definitions(source));
            own = Optional.of(definitions);
            if (!carrying.carryOut(Completion.of(now, wanted, definitions::of, false))
                    && !carrying.carryOut(Completion.of(now, wanted, definitions::of, true))) {
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
