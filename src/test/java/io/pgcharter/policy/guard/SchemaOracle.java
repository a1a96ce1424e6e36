package io.pgcharter.policy.guard;

import io.pgcharter.model.id.DatabaseName;
import io.pgcharter.model.id.MigrationsName;
import io.pgcharter.model.id.RepositoryName;
import io.pgcharter.model.migration.Layout;
import io.pgcharter.model.operation.SchemaOperation;
import io.pgcharter.policy.charter.Charter;
import io.pgcharter.policy.charter.Charter.What;
import io.pgcharter.policy.charter.ClassificationPlan;
import io.pgcharter.policy.charter.LintPlan;
import io.pgcharter.policy.charter.MigrationPlan;
import io.pgcharter.policy.charter.MigrationPlan.Migrations;
import io.pgcharter.policy.charter.RehearsalPlan;
import io.pgcharter.policy.charter.ReleasePlan;
import io.pgcharter.policy.charter.RolePlan;
import io.pgcharter.policy.charter.SeedPlan;
import io.pgcharter.policy.charter.Shaping;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;

/// What a naive reading of the charter lets be done with schemas, for [GuardPropertyTest].
final class SchemaOracle {
    private SchemaOracle() {}

    static boolean mayRun(Charter charter, SchemaOperation operation, Context context) {
        boolean local = context.actor().role().isEmpty();
        return switch (operation) {
            case SchemaOperation.Lint lint -> reaches(charter, context, lint.target());
            case SchemaOperation.LintFiles lint -> local && reaches(charter, context, lint.target());
            case SchemaOperation.MigrateNew _ -> local;
            case SchemaOperation.MigrateStatus(var database) -> isPlanned(charter, context, database);
            case SchemaOperation.MigratePlan(var database) -> isPlanned(charter, context, database);
            case SchemaOperation.Rehearse(var database) -> isPlanned(charter, context, database);
            case SchemaOperation.Release(var database, var _, var _) -> mayRelease(charter, context, database);
            case SchemaOperation.MigrateUp up -> mayMigrate(charter, context, up.database());
            case SchemaOperation.MigrateDown down -> mayMigrate(charter, context, down.database());
            case SchemaOperation.MigrateResolve resolve -> mayMigrate(charter, context, resolve.database());
            case SchemaOperation.MigrateBaseline baseline -> mayMigrate(charter, context, baseline.database());
            case SchemaOperation.MigrateImport taken -> mayMigrate(charter, context, taken.database());
            case SchemaOperation.SchemaDiff(var source, var target, var _) ->
                GuardPropertyTest.reaches(charter, context, source)
                        && GuardPropertyTest.reaches(charter, context, target);
            case SchemaOperation.SchemaDrift(var database, var other) ->
                GuardPropertyTest.reaches(charter, context, database) && reaches(charter, context, other);
            case SchemaOperation.SchemaPush push ->
                !push.source().equals(push.target())
                        && GuardPropertyTest.reaches(charter, context, push.source())
                        && GuardPropertyTest.reaches(charter, context, push.target())
                        && isConfirmed(context, push.target())
                        && GuardPropertyTest.flowLets(
                                charter, context, What.SCHEMA, List.of(push.source(), push.target()), false);
            case SchemaOperation.Seed seed ->
                GuardPropertyTest.reaches(charter, context, seed.database())
                        && !GuardPropertyTest.isProtected(charter, seed.database())
                        && (isDisposable(charter, seed.database()) || isConfirmed(context, seed.database()));
            case SchemaOperation.Reset reset ->
                GuardPropertyTest.reaches(charter, context, reset.database())
                        && !GuardPropertyTest.isProtected(charter, reset.database())
                        && isDisposable(charter, reset.database())
                        && isConfirmed(context, reset.database());
        };
    }

    private static boolean reaches(Charter charter, Context context, Optional<DatabaseName> database) {
        return database.isEmpty() || GuardPropertyTest.reaches(charter, context, database.get());
    }

    private static boolean isDisposable(Charter charter, DatabaseName database) {
        return charter.environment(GuardPropertyTest.environment(charter, database))
                .isDisposable();
    }

    private static boolean isConfirmed(Context context, DatabaseName database) {
        return context.confirmation().equals(Optional.of(database.text()));
    }

    private static boolean isPlanned(Charter charter, Context context, DatabaseName database) {
        return GuardPropertyTest.reaches(charter, context, database)
                && charter.shaping().migrations().all().values().stream()
                        .anyMatch(migrations -> migrations.databases().contains(database));
    }

    private static boolean mayMigrate(Charter charter, Context context, DatabaseName database) {
        if (!isPlanned(charter, context, database)
                || (GuardPropertyTest.isProtected(charter, database) && !isConfirmed(context, database))) {
            return false;
        }
        for (Migrations migrations : charter.shaping().migrations().all().values()) {
            int at = migrations.databases().indexOf(database);
            if (at > 0) {
                DatabaseName before = migrations.databases().get(at - 1);
                boolean within = GuardPropertyTest.environment(charter, before)
                        .equals(GuardPropertyTest.environment(charter, database));
                return within
                        || GuardPropertyTest.flowLets(
                                charter, context, What.MIGRATION, List.of(before, database), false);
            }
        }
        return true;
    }

    private static boolean mayRelease(Charter charter, Context context, DatabaseName database) {
        Optional<ReleasePlan> plan = charter.shaping().migrations().all().values().stream()
                .filter(migrations -> migrations.databases().contains(database))
                .flatMap(migrations -> migrations.release().stream())
                .findFirst();
        if (plan.isEmpty() || !charter.backups().containsKey(database)) {
            return false;
        }
        RepositoryName repository = plan.get()
                .repository()
                .orElse(charter.backups().get(database).to().getFirst());
        return mayMigrate(charter, context, database)
                && GuardPropertyTest.isPlanned(charter, database, repository)
                && (plan.get().back() != ReleasePlan.Back.BACKUP
                        || GuardPropertyTest.flowLets(charter, context, What.DATA, List.of(database, database), true));
    }

    /// One set of migrations for some of the databases, or none.
    static Shaping shaping(Random random, List<String> databases) {
        List<DatabaseName> names = new ArrayList<>(databases.stream()
                .map(DatabaseName::new)
                .filter(_ -> random.nextInt(4) > 0)
                .toList());
        Collections.shuffle(names, random);
        MigrationsName name = new MigrationsName("app");
        Migrations migrations = new Migrations(
                name,
                Layout.PLAIN,
                "/migrations",
                names,
                "public",
                Duration.ofSeconds(2),
                Optional.empty(),
                10,
                RehearsalPlan.NO_LIMITS,
                random.nextInt(4) == 0 ? Optional.empty() : Optional.of(release(random)),
                30);
        return new Shaping(
                names.isEmpty() ? MigrationPlan.NONE : new MigrationPlan(Map.of(name, migrations)),
                LintPlan.NONE,
                SeedPlan.NONE,
                ClassificationPlan.NONE,
                RolePlan.NONE);
    }

    private static ReleasePlan release(Random random) {
        return new ReleasePlan(
                Optional.empty(),
                Optional.empty(),
                random.nextBoolean()
                        ? Optional.empty()
                        : Optional.of(new RepositoryName(random.nextBoolean() ? "near" : "far")),
                List.of(),
                random.nextBoolean(),
                Duration.ZERO,
                List.of(ReleasePlan.Back.values()).get(random.nextInt(3)),
                31);
    }

    static SchemaOperation operation(Random random, DatabaseName database, DatabaseName other) {
        Optional<DatabaseName> maybe = random.nextBoolean() ? Optional.empty() : Optional.of(other);
        return switch (random.nextInt(17)) {
            case 0 -> new SchemaOperation.Lint(new MigrationsName("app"), maybe, random.nextBoolean());
            case 1 -> new SchemaOperation.LintFiles(List.of("a.sql"), maybe);
            case 2 -> new SchemaOperation.MigrateNew(new MigrationsName("app"), "users");
            case 3 -> new SchemaOperation.MigrateStatus(database);
            case 4 -> new SchemaOperation.MigratePlan(database);
            case 5 -> new SchemaOperation.MigrateUp(database, Optional.empty());
            case 6 -> new SchemaOperation.MigrateDown(database, 1);
            case 7 ->
                new SchemaOperation.MigrateResolve(database, "0001", SchemaOperation.MigrateResolve.Standing.APPLIED);
            case 8 -> new SchemaOperation.MigrateBaseline(database, "0001");
            case 9 -> new SchemaOperation.MigrateImport(database, SchemaOperation.MigrateImport.Tool.SQITCH);
            case 10 -> new SchemaOperation.Rehearse(database);
            case 11 -> new SchemaOperation.Release(database, random.nextBoolean(), Optional.empty());
            case 12 -> new SchemaOperation.SchemaDiff(database, other, true);
            case 13 -> new SchemaOperation.SchemaDrift(database, maybe);
            case 14 -> new SchemaOperation.SchemaPush(database, other, random.nextBoolean());
            case 15 -> new SchemaOperation.Seed(database, "dev");
            default -> new SchemaOperation.Reset(database, Optional.empty());
        };
    }
}
