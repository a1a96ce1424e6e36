package io.pgcharter.policy.guard;

import io.pgcharter.model.id.DatabaseName;
import io.pgcharter.model.operation.Actor;
import io.pgcharter.model.operation.SchemaOperation;
import io.pgcharter.policy.charter.Charter;
import io.pgcharter.policy.charter.Charter.Environment;
import io.pgcharter.policy.charter.Charter.What;
import io.pgcharter.policy.charter.MigrationPlan.Migrations;
import io.pgcharter.policy.charter.ReleasePlan.Back;
import io.pgcharter.policy.guard.Ruling.AsksConfirmation;
import io.pgcharter.policy.guard.Ruling.Forbids;
import io.pgcharter.policy.guard.Ruling.Passes;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/// What a charter says to work on the shape of databases.
final class SchemaRules {
    private final Charter charter;
    private final Rules rules;

    SchemaRules(Charter charter, Rules rules) {
        this.charter = charter;
        this.rules = rules;
    }

    List<Ruling> judge(Actor actor, SchemaOperation operation) {
        return switch (operation) {
            case SchemaOperation.Lint(var _, var target, var _) -> List.of(judges(actor, target));
            case SchemaOperation.LintFiles(var _, var target) -> List.of(atTheMachine(actor), judges(actor, target));
            case SchemaOperation.MigrateNew _ -> List.of(atTheMachine(actor));
            case SchemaOperation.MigrateStatus(var database) -> planned(actor, database);
            case SchemaOperation.MigratePlan(var database) -> planned(actor, database);
            case SchemaOperation.Rehearse(var database) -> planned(actor, database);
            case SchemaOperation.Release(var database, var _, var _) -> releases(actor, database);
            case SchemaOperation.MigrateUp up -> migrates(actor, up.database());
            case SchemaOperation.MigrateDown down -> migrates(actor, down.database());
            case SchemaOperation.MigrateResolve resolve -> migrates(actor, resolve.database());
            case SchemaOperation.MigrateBaseline baseline -> migrates(actor, baseline.database());
            case SchemaOperation.MigrateImport taken -> migrates(actor, taken.database());
            case SchemaOperation.SchemaDiff(var source, var target, var _) ->
                List.of(rules.reachesDatabase(actor, source), rules.reachesDatabase(actor, target));
            case SchemaOperation.SchemaDrift(var database, var other) ->
                Stream.concat(Stream.of(database), other.stream())
                        .map(name -> rules.reachesDatabase(actor, name))
                        .toList();
            case SchemaOperation.SchemaPush push -> pushes(actor, push);
            case SchemaOperation.Seed seed -> seeds(actor, seed.database());
            case SchemaOperation.Reset reset -> resets(actor, reset.database());
        };
    }

    private Ruling judges(Actor actor, Optional<DatabaseName> target) {
        return target.map(name -> rules.reachesDatabase(actor, name))
                .orElseGet(() -> new Passes(rules.always("whoever can run pgcharter here may judge migrations")));
    }

    /// Files are read and written for whoever works on the machine, not for those who come over the network.
    private Ruling atTheMachine(Actor actor) {
        return actor.role().isEmpty()
                ? new Passes(rules.always("whoever can run pgcharter here has its files"))
                : new Forbids(new Reason(
                        "files", "files of the machine are not for those who come over the network", charter.file()));
    }

    private List<Ruling> planned(Actor actor, DatabaseName database) {
        return List.of(rules.reachesDatabase(actor, database), plannedMigrations(database));
    }

    private Ruling plannedMigrations(DatabaseName database) {
        return charter.shaping()
                .migrations()
                .of(database)
                .<Ruling>map(migrations -> new Passes(new Reason(
                        "migrations",
                        "migrations '" + migrations.name() + "' are for '" + database + "'",
                        charter.where(migrations.line()))))
                .orElseGet(() -> new Forbids(new Reason(
                        "default-deny",
                        "no migrations are for database '" + database + "'",
                        charter.whereSection("migrations"))));
    }

    /// A migration comes from the environment it reached before this one, and needs a flow from there.
    private List<Ruling> migrates(Actor actor, DatabaseName database) {
        Stream<Ruling> travels = charter
                .shaping()
                .migrations()
                .of(database)
                .flatMap(migrations -> migrations.before(database))
                .filter(before -> !environment(before).equals(environment(database)))
                .stream()
                .flatMap(before -> rules.travels(What.MIGRATION, before, database).stream());
        return Stream.of(planned(actor, database).stream(), travels, rules.protectsDatabase(database).stream())
                .flatMap(rulings -> rulings)
                .toList();
    }

    /// As its parts: the migrations, a backup, and the restore of that where it is the way back.
    private List<Ruling> releases(Actor actor, DatabaseName database) {
        List<Ruling> rulings = new ArrayList<>(migrates(actor, database));
        charter.shaping().migrations().of(database).ifPresent(migrations -> {
            rulings.add(plannedRelease(migrations));
            rulings.add(charter.releaseRepository(database)
                    .map(repository -> rules.plannedBackup(database, repository))
                    .orElseGet(() -> new Forbids(new Reason(
                            "default-deny",
                            "no backup plan names database '" + database + "'",
                            charter.whereSection("backups")))));
            if (migrations.release().filter(plan -> plan.back() == Back.BACKUP).isPresent()) {
                rulings.addAll(rules.restores(database, database));
            }
        });
        return rulings;
    }

    private Ruling plannedRelease(Migrations migrations) {
        return migrations
                .release()
                .<Ruling>map(plan -> new Passes(new Reason(
                        "release",
                        "the charter says how migrations '" + migrations.name() + "' are released",
                        charter.where(plan.line()))))
                .orElseGet(() -> new Forbids(new Reason(
                        "default-deny",
                        "migrations '" + migrations.name() + "' have no block 'release'",
                        charter.where(migrations.line()))));
    }

    private List<Ruling> pushes(Actor actor, SchemaOperation.SchemaPush push) {
        DatabaseName target = push.target();
        String where = charter.where(charter.database(target).line());
        if (push.source().equals(target)) {
            return List.of(new Forbids(
                    new Reason("same-database", "the schema of '" + target + "' cannot be pushed onto itself", where)));
        }
        Stream<Ruling> ends = Stream.of(
                rules.reachesDatabase(actor, push.source()),
                rules.reachesDatabase(actor, target),
                new AsksConfirmation(
                        target.text(), new Reason("push", "the schema of '" + target + "' would be changed", where)));
        return Stream.concat(ends, rules.travels(What.SCHEMA, push.source(), target).stream())
                .toList();
    }

    /// What is there now is lost, which matters unless it is disposable.
    private List<Ruling> seeds(Actor actor, DatabaseName database) {
        Stream<Ruling> always = Stream.of(rules.reachesDatabase(actor, database), unprotected(database, "seeded"));
        Stream<Ruling> lost = environment(database).isDisposable()
                ? Stream.empty()
                : Stream.of(new AsksConfirmation(
                        database.text(),
                        new Reason(
                                "seed",
                                "the rows in '" + database + "' would be replaced",
                                charter.where(charter.database(database).line()))));
        return Stream.concat(always, lost).toList();
    }

    private List<Ruling> resets(Actor actor, DatabaseName database) {
        Environment environment = environment(database);
        Reason reason = new Reason(
                "disposable",
                "the databases of " + environment.name()
                        + (environment.isDisposable() ? " are disposable" : " are not said to be disposable"),
                charter.where(environment.line()));
        return List.of(
                rules.reachesDatabase(actor, database),
                unprotected(database, "reset"),
                environment.isDisposable() ? new Passes(reason) : new Forbids(reason),
                new AsksConfirmation(
                        database.text(),
                        new Reason(
                                "reset",
                                "everything in '" + database + "' would be dropped",
                                charter.where(charter.database(database).line()))));
    }

    private Ruling unprotected(DatabaseName database, String done) {
        Environment environment = environment(database);
        Reason reason = new Reason(
                "protected",
                "'" + database + "' is in " + environment.name()
                        + (environment.isProtected()
                                ? ", which is protected: it is never " + done
                                : ", which is not protected"),
                charter.where(environment.line()));
        return environment.isProtected() ? new Forbids(reason) : new Passes(reason);
    }

    private Environment environment(DatabaseName name) {
        return charter.environment(charter.database(name).environment());
    }
}
