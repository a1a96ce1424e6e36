package io.pgcharter.engine.engine;

import io.pgcharter.capability.access.Admission;
import io.pgcharter.capability.access.Entrance;
import io.pgcharter.capability.advice.DatabaseAdvice;
import io.pgcharter.capability.alert.AlertDesk;
import io.pgcharter.capability.alert.Alerting;
import io.pgcharter.capability.backup.BackupList;
import io.pgcharter.capability.backup.BackupPins;
import io.pgcharter.capability.backup.LogicalBackup;
import io.pgcharter.capability.copy.DatabaseCopy;
import io.pgcharter.capability.health.HealthReading;
import io.pgcharter.capability.lint.MigrationLint;
import io.pgcharter.capability.maintain.Maintenance;
import io.pgcharter.capability.migrate.MigrationWork;
import io.pgcharter.capability.pools.PoolSizing;
import io.pgcharter.capability.queries.QueryReading;
import io.pgcharter.capability.rehearse.RehearsalWork;
import io.pgcharter.capability.release.ReleaseWork;
import io.pgcharter.capability.repository.CopyWork;
import io.pgcharter.capability.repository.KeyWork;
import io.pgcharter.capability.repository.Pruning;
import io.pgcharter.capability.repository.RepositoryHealth;
import io.pgcharter.capability.repository.RepositoryWork;
import io.pgcharter.capability.restore.Restore;
import io.pgcharter.capability.retention.RetentionWork;
import io.pgcharter.capability.schema.SchemaWork;
import io.pgcharter.capability.seed.Resetting;
import io.pgcharter.capability.seed.Seeding;
import io.pgcharter.capability.sessions.SessionWork;
import io.pgcharter.capability.status.StatusReading;
import io.pgcharter.capability.verify.Verification;
import io.pgcharter.capability.watch.Watching;
import io.pgcharter.model.operation.AccessOperation;
import io.pgcharter.model.operation.Operation;
import io.pgcharter.model.operation.Report;
import io.pgcharter.model.operation.Run;
import io.pgcharter.model.operation.SchemaOperation;
import io.pgcharter.model.operation.ServingOperation;
import io.pgcharter.policy.guard.Permit;

/// One capability a verb.
public record Capabilities(
        StatusReading status,
        HealthReading checks,
        LogicalBackup backup,
        BackupList backups,
        BackupPins pins,
        RetentionWork retention,
        Restore restore,
        Verification verification,
        DatabaseCopy copy,
        RepositoryWork repository,
        RepositoryHealth health,
        Pruning pruning,
        CopyWork repositoryCopy,
        KeyWork keys,
        Maintenance maintenance,
        SessionWork sessions,
        DatabaseAdvice advice,
        Alerting alerting,
        AlertDesk alerts,
        Watching watching,
        QueryReading queries,
        PoolSizing pools,
        SchemaWork schemas,
        Admission admission,
        Entrance entrance,
        Seeding seeding,
        Resetting resetting,
        MigrationWork migrations,
        ReleaseWork releases,
        MigrationLint lint,
        RehearsalWork rehearsals)
        implements Work {

    @Override
    public Report carryOut(Permit permit, Operation operation, Run run) {
        return switch (operation) {
            case Operation.Status asked -> status.run(permit, asked, run);
            case Operation.Backup asked -> backup.run(permit, asked, run);
            case Operation.Backups asked -> backups.run(permit, asked, run);
            case Operation.Restore asked -> restore.run(permit, asked, run);
            case Operation.Verify asked -> verification.run(permit, asked, run);
            case Operation.Copy asked -> copy.run(permit, asked, run);
            case Operation.RepositoryInit asked -> repository.init(permit, asked, run);
            case Operation.RepositoryList asked -> repository.list(permit, asked, run);
            case Operation.RepositoryCheck asked -> health.check(permit, asked, run);
            case Operation.RepositoryRepair asked -> health.repair(permit, asked, run);
            case Operation.RepositoryForget asked -> repository.forget(permit, asked, run);
            case Operation.RepositoryPrune asked -> pruning.run(permit, asked, run);
            case Operation.RepositoryStats asked -> repository.stats(permit, asked, run);
            case Operation.BackupPin asked -> pins.pin(permit, asked, run);
            case Operation.BackupUnpin asked -> pins.unpin(permit, asked, run);
            case Operation.RetentionPlan asked -> retention.plan(permit, asked, run);
            case Operation.RetentionApply asked -> retention.apply(permit, asked, run);
            case Operation.RepositoryCopy asked -> repositoryCopy.run(permit, asked, run);
            case Operation.RepositoryKeyList asked -> keys.list(permit, asked, run);
            case Operation.RepositoryKeyAdd asked -> keys.add(permit, asked, run);
            case Operation.RepositoryKeyRemove asked -> keys.remove(permit, asked, run);
            case Operation.RepositoryKeyRotate asked -> keys.rotate(permit, asked, run);
            case ServingOperation.Watch asked -> watching.run(permit, asked, run);
            case Operation.Queries asked -> queries.run(permit, asked, run);
            case SchemaOperation asked -> shape(permit, asked, run);
            case Operation.Pools asked -> pools.run(permit, asked, run);
            case Operation.Health asked -> checks.run(permit, asked, run);
            case Operation.Maintain asked -> maintenance.run(permit, asked, run);
            case Operation.SessionsList asked -> sessions.list(permit, asked, run);
            case Operation.SessionsEnd asked -> sessions.end(permit, asked, run);
            case Operation.Advice asked -> advice.run(permit, asked, run);
            case ServingOperation.Alert asked -> alerting.run(permit, asked, run);
            case ServingOperation.AlertAcknowledge asked -> alerts.acknowledge(permit, asked, run);
            case ServingOperation.AlertSilence asked -> alerts.silence(permit, asked, run);
            case ServingOperation.AlertUnsilence asked -> alerts.unsilence(permit, asked, run);
            case ServingOperation.AlertTry asked -> alerts.attempt(permit, asked, run);
            case AccessOperation.UserAdd asked -> admission.addUser(permit, asked, run);
            case AccessOperation.UserRemove asked -> admission.removeUser(permit, asked, run);
            case AccessOperation.TokenCreate asked -> admission.createToken(permit, asked, run);
            case AccessOperation.TokenRevoke asked -> admission.revokeToken(permit, asked, run);
            case AccessOperation.Login asked -> entrance.login(permit, asked, run);
            case AccessOperation.Logout asked -> entrance.logout(permit, asked, run);
            case AccessOperation.PasswordChange asked -> entrance.changePassword(permit, asked, run);
            case Operation.Approve _, Operation.Cancel _, Operation.JournalVerify _ ->
                throw new IllegalStateException("the engine does this itself: " + operation.verb());
        };
    }

    private Report shape(Permit permit, SchemaOperation operation, Run run) {
        return switch (operation) {
            case SchemaOperation.Seed asked -> seeding.run(permit, asked, run);
            case SchemaOperation.Reset asked -> resetting.run(permit, asked, run);
            case SchemaOperation.MigrateStatus asked -> migrations.status(permit, asked, run);
            case SchemaOperation.MigratePlan asked -> migrations.plan(permit, asked, run);
            case SchemaOperation.MigrateUp asked -> migrations.up(permit, asked, run);
            case SchemaOperation.MigrateDown asked -> migrations.down(permit, asked, run);
            case SchemaOperation.MigrateNew asked -> migrations.create(permit, asked, run);
            case SchemaOperation.MigrateResolve asked -> migrations.resolve(permit, asked, run);
            case SchemaOperation.MigrateBaseline asked -> migrations.baseline(permit, asked, run);
            case SchemaOperation.MigrateImport asked -> migrations.takeOver(permit, asked, run);
            case SchemaOperation.Rehearse asked -> rehearsals.run(permit, asked, run);
            case SchemaOperation.Release asked -> releases.run(permit, asked, run);
            case SchemaOperation.Lint asked -> lint.run(permit, asked, run);
            case SchemaOperation.LintFiles asked -> lint.run(permit, asked, run);
            case SchemaOperation.SchemaDiff asked -> schemas.diff(permit, asked, run);
            case SchemaOperation.SchemaDrift asked -> schemas.drift(permit, asked, run);
            case SchemaOperation.SchemaPush asked -> schemas.push(permit, asked, run);
        };
    }
}
