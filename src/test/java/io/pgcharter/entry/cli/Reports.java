package io.pgcharter.entry.cli;

import io.pgcharter.model.health.Level;
import io.pgcharter.model.id.BackupId;
import io.pgcharter.model.id.DatabaseName;
import io.pgcharter.model.id.EnvironmentName;
import io.pgcharter.model.id.MigrationsName;
import io.pgcharter.model.migration.Release;
import io.pgcharter.model.operation.AccessOperation;
import io.pgcharter.model.operation.Operation;
import io.pgcharter.model.operation.ReleaseStanding;
import io.pgcharter.model.operation.Report;
import io.pgcharter.model.operation.SchemaOperation;
import io.pgcharter.model.operation.SchemaReport;
import io.pgcharter.model.operation.ServingOperation;
import io.pgcharter.model.schema.Difference;
import io.pgcharter.model.schema.ObjectKind;
import io.pgcharter.model.schema.ObjectName;
import io.pgcharter.model.schema.ProvenScript;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;

/// A report of each operation, as engines would give it.
final class Reports {
    private static final Instant NOON = Instant.parse("2026-01-01T12:00:00Z");
    private static final BackupId OLD = new BackupId("a".repeat(64));
    private static final BackupId NEW = new BackupId("b".repeat(64));

    private static final ProvenScript SCRIPT = new ProvenScript(
            List.of(ProvenScript.Step.quick(List.of("drop table t;"))), List.of("table public.t is dropped"));
    private static final List<Difference.Change> CHANGES = List.of(new Difference.Change(
            new ObjectName(ObjectKind.TABLE, "public.t"),
            Difference.How.CHANGED,
            List.of(new Difference.Attribute("owner", Optional.of("ada"), Optional.of("bob")))));

    private Reports() {}

    private static SchemaReport.Seed seed(DatabaseName database, String state) {
        return new SchemaReport.Seed(
                database,
                state,
                List.of(
                        new SchemaReport.SeededTable("public.users", 3),
                        new SchemaReport.SeededTable("public.trades", 60)),
                700);
    }

    static Report of(Operation operation) {
        return switch (operation) {
            case Operation.Status(var database) -> status(database, true);
            case Operation.Backup(var database, var repositories) ->
                new Report.Backup(
                        NEW,
                        database,
                        repositories.getFirst(),
                        NOON,
                        "0/16B3748",
                        "15.4",
                        3,
                        270_000,
                        40_000_000,
                        9_000_000,
                        "f".repeat(32),
                        2_000,
                        repositories.stream()
                                .skip(1)
                                .map(other ->
                                        new Report.BackupCopy(other, Optional.of(OLD), 9_000_000, Optional.empty()))
                                .toList(),
                        List.of());
            case Operation.Backups(var repository) ->
                new Report.Backups(repository, List.of(row(OLD, NOON.minusSeconds(86_400)), row(NEW, NOON)));
            case Operation.Restore restore ->
                new Report.Restore(restore.backup(), restore.target(), "pay", 3, 270_000, 40_000_000, 3_000, List.of());
            case Operation.Verify(var backup, var repository, var database) ->
                new Report.Verify(
                        backup,
                        database,
                        repository,
                        "15.4",
                        3,
                        270_000,
                        "f".repeat(32),
                        List.of(),
                        3_000,
                        4_000,
                        List.of());
            case Operation.Copy(var source, var target, boolean _) ->
                new Report.Copy(source, target, 3, 270_000, 40_000_000, "f".repeat(32), 3_000, List.of());
            case Operation.Approve(String request) -> new Report.Approve(request, "copy", 1, 1);
            case Operation.Cancel(var run) -> new Report.Cancel(run.text(), true);
            case Operation.BackupPin(var backup, var repository, String because) ->
                new Report.BackupPin(repository, backup, because);
            case Operation.BackupUnpin(var backup, var repository) -> new Report.BackupUnpin(repository, backup, true);
            case Operation.RetentionPlan(var database, var repository) ->
                new Report.RetentionPlan(database, repository, List.of());
            case Operation.RetentionApply(var database, var repository) ->
                new Report.RetentionApply(database, repository, List.of());
            case Operation.RepositoryRepair(var repository, var _) ->
                new Report.RepositoryRepair(repository, 1, 0, List.of(), List.of());
            case Operation.RepositoryPrune(var repository, var _) ->
                new Report.RepositoryPrune(repository, 2, 3, 0, 1, 4, Optional.of(NOON), 1, 5, Optional.empty());
            case Operation.RepositoryCopy(var from, var to, var _) ->
                new Report.RepositoryCopy(from, to, List.of(NEW), 1, 2, 3, 4);
            case Operation.RepositoryKeyList(var repository) -> new Report.RepositoryKeyList(repository, List.of());
            case Operation.RepositoryKeyAdd(var repository, var _) ->
                new Report.RepositoryKeyAdd(repository, "e".repeat(64));
            case Operation.RepositoryKeyRemove(var repository, String key) ->
                new Report.RepositoryKeyRemove(repository, key);
            case Operation.RepositoryKeyRotate(var repository, var _) ->
                new Report.RepositoryKeyRotate(repository, "e".repeat(64), List.of("f".repeat(64)), "name it");
            case Operation.RepositoryInit(var repository, var _) ->
                new Report.RepositoryInit(repository, "c".repeat(64), "/srv/" + repository);
            case Operation.RepositoryList(var repository) -> new Report.RepositoryList(repository, List.of());
            case Operation.RepositoryCheck(var repository, var _) ->
                new Report.RepositoryCheck(repository, 2, 3, 4, 0, 0, 3, Optional.empty(), List.of(), List.of());
            case Operation.RepositoryForget(var repository, var backup) ->
                new Report.RepositoryForget(repository, backup);
            case Operation.RepositoryStats(var repository) -> new Report.RepositoryStats(repository, 2, 3, 4, 5, 6);
            case Operation.Health(var database) ->
                new Report.Health(
                        database,
                        List.of(new Report.Checked(
                                database.isPresent() ? "xid-age" : "waivers",
                                "title",
                                database.map(name -> "database/" + name).orElse("installation"),
                                database.isPresent() ? Level.WARN : Level.OK,
                                "message",
                                List.of(),
                                OptionalDouble.empty(),
                                "do this")));
            case Operation.Maintain(var database, var task) ->
                new Report.Maintain(database, task, 3, List.of(), List.of(), 7);
            case Operation.SessionsList(var database) -> new Report.SessionsList(database, true, List.of());
            case Operation.SessionsEnd end -> new Report.SessionsEnd(end.database(), 42, "eve", end.force(), true);
            case Operation.Advice(var database) -> new Report.Advice(database, List.of(), List.of());
            case Operation.Queries(var database) ->
                new Report.Queries(
                        database,
                        Optional.of("no extension"),
                        Optional.empty(),
                        500,
                        0,
                        List.of(),
                        List.of(),
                        List.of());
            case SchemaOperation schema -> shape(schema);
            case Operation.Pools _ -> new Report.Pools(List.of());
            case ServingOperation.Watch _,
                    ServingOperation.Alert _,
                    ServingOperation.AlertAcknowledge _,
                    ServingOperation.AlertSilence _,
                    ServingOperation.AlertUnsilence _,
                    ServingOperation.AlertTry _,
                    AccessOperation.UserAdd _,
                    AccessOperation.UserRemove _,
                    AccessOperation.TokenCreate _,
                    AccessOperation.TokenRevoke _,
                    AccessOperation.Login _,
                    AccessOperation.Logout _,
                    AccessOperation.PasswordChange _ ->
                throw new IllegalStateException("not shown here: " + operation.verb());
            case Operation.JournalVerify() -> new Report.JournalVerify(9, "d".repeat(64), 9, 8, 1, List.of());
        };
    }

    private static ReleaseStanding release() {
        return new ReleaseStanding(
                "0123456789ab",
                "fedcba987654",
                List.of("3_c"),
                NOON,
                true,
                List.of(new ReleaseStanding.StepStanding(
                        "pinned", "done", NOON, Optional.of(1500L), Map.of("migrations", "3_c"))));
    }

    private static Report shape(SchemaOperation operation) {
        return switch (operation) {
            case SchemaOperation.Rehearse(var database) -> RehearsalReports.of(database);
            case SchemaOperation.Release(var database, boolean abandon, var _) ->
                new SchemaReport.Release(
                        database, abandon ? Release.State.ABANDONED : Release.State.RELEASED, Optional.of(release()));
            case SchemaOperation.MigrateStatus(var database) ->
                new SchemaReport.MigrateStatus(
                        database,
                        new MigrationsName("shop"),
                        "prisma",
                        "public._prisma_migrations",
                        true,
                        List.of(
                                new SchemaReport.MigrationRow("1_a", "a", "applied", Optional.of(NOON), "", ""),
                                new SchemaReport.MigrationRow(
                                        "2_b", "b", "edited", Optional.of(NOON), "its file was changed", "mend it"),
                                new SchemaReport.MigrationRow("3_c", "c", "pending", Optional.empty(), "", "up")),
                        1,
                        1,
                        Optional.of(release()));
            case SchemaOperation.MigratePlan(var database) ->
                new SchemaReport.MigratePlan(
                        database,
                        List.of(new SchemaReport.PlannedMigration(
                                "3_c",
                                "m/3_c/migration.sql",
                                false,
                                "VACUUM cannot run in a transaction",
                                List.of(new SchemaReport.PlannedStatement(1, "vacuum")))));
            case SchemaOperation.MigrateUp(var database, var _) ->
                new SchemaReport.MigrateUp(
                        database, List.of(new SchemaReport.CarriedOut("3_c", false, 1, 2, 30)), List.of("NOTICE: hi"));
            case SchemaOperation.MigrateDown(var database, int _) ->
                new SchemaReport.MigrateDown(
                        database, List.of(new SchemaReport.CarriedOut("3_c", true, 2, 1, 30)), List.of());
            case SchemaOperation.MigrateNew(var migrations, String _) ->
                new SchemaReport.MigrateNew(migrations, List.of("m/0001_a.up.sql", "m/0001_a.down.sql"));
            case SchemaOperation.MigrateResolve(var database, String migration, var standing) ->
                new SchemaReport.MigrateResolve(database, migration, "failed", standing);
            case SchemaOperation.MigrateBaseline(var database, String to) ->
                new SchemaReport.MigrateBaseline(database, List.of(to));
            case SchemaOperation.MigrateImport(var database, var from) ->
                new SchemaReport.MigrateImport(database, from, List.of("1_a", "2_b"));
            case SchemaOperation.Seed(var database, String state) -> seed(database, state);
            case SchemaOperation.Reset(var database, var state) ->
                new SchemaReport.Reset(database, 4, 6, state.map(name -> seed(database, name)), 900);
            case SchemaOperation.Lint _, SchemaOperation.LintFiles _ ->
                new SchemaReport.Lint(1, 2, 15, 3, List.of(), List.of("3 are not judged"), false);
            case SchemaOperation.SchemaDiff(var source, var target, var script) ->
                new SchemaReport.SchemaDiff(
                        source,
                        target,
                        "a".repeat(64),
                        "b".repeat(64),
                        CHANGES,
                        script ? Optional.of(SCRIPT) : Optional.empty(),
                        List.of());
            case SchemaOperation.SchemaDrift(var database, var other) ->
                new SchemaReport.SchemaDrift(database, other, "a".repeat(64), CHANGES);
            case SchemaOperation.SchemaPush(var source, var target, var _) ->
                new SchemaReport.SchemaPush(source, target, SCRIPT, List.of(), "a".repeat(64));
        };
    }

    private static Report.BackupRow row(BackupId id, Instant takenAt) {
        return new Report.BackupRow(
                id,
                new DatabaseName("payments"),
                takenAt,
                "15.4",
                3,
                270_000,
                40_000_000,
                Optional.empty(),
                Optional.empty());
    }

    static Report.Status status(DatabaseName database, boolean reachable) {
        return new Report.Status(
                database,
                new EnvironmentName("production"),
                true,
                reachable,
                reachable ? Optional.empty() : Optional.of("connection refused"),
                Optional.of("15.4"),
                Optional.of("app"),
                false,
                1_200_000_000,
                12,
                false);
    }
}
