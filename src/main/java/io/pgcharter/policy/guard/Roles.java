package io.pgcharter.policy.guard;

import io.pgcharter.model.operation.AccessOperation;
import io.pgcharter.model.operation.Operation;
import io.pgcharter.model.operation.Role;
import io.pgcharter.model.operation.SchemaOperation;
import io.pgcharter.model.operation.ServingOperation;

/// Which role an operation takes of whoever comes over the network.
public final class Roles {
    private Roles() {}

    public static Role needed(Operation operation) {
        return switch (operation) {
            case Operation.Status _,
                    Operation.Backups _,
                    Operation.RetentionPlan _,
                    Operation.RepositoryList _,
                    Operation.RepositoryStats _,
                    Operation.RepositoryKeyList _,
                    Operation.JournalVerify _,
                    Operation.Health _,
                    Operation.SessionsList _,
                    Operation.Advice _,
                    Operation.Queries _,
                    Operation.Pools _,
                    SchemaOperation.Lint _,
                    SchemaOperation.MigrateStatus _,
                    SchemaOperation.MigratePlan _,
                    SchemaOperation.SchemaDiff _,
                    SchemaOperation.SchemaDrift _,
                    AccessOperation.Login _,
                    AccessOperation.Logout _,
                    AccessOperation.PasswordChange _ -> Role.VIEWER;
            case Operation.Backup _,
                    Operation.Restore _,
                    Operation.Verify _,
                    Operation.Copy _,
                    Operation.Cancel _,
                    Operation.BackupPin _,
                    Operation.RetentionApply _,
                    Operation.RepositoryCheck _,
                    Operation.RepositoryCopy _,
                    Operation.RepositoryPrune _,
                    Operation.Maintain _,
                    Operation.SessionsEnd _,
                    SchemaOperation.MigrateUp _,
                    SchemaOperation.MigrateDown _,
                    SchemaOperation.Rehearse _,
                    SchemaOperation.Release _,
                    SchemaOperation.SchemaPush _,
                    SchemaOperation.Seed _,
                    SchemaOperation.Reset _,
                    ServingOperation.AlertAcknowledge _,
                    ServingOperation.AlertSilence _,
                    ServingOperation.AlertUnsilence _,
                    ServingOperation.AlertTry _ -> Role.OPERATOR;
            case Operation.Approve _ -> Role.APPROVER;
            case Operation.BackupUnpin _,
                    Operation.RepositoryInit _,
                    Operation.RepositoryForget _,
                    Operation.RepositoryRepair _,
                    Operation.RepositoryKeyAdd _,
                    Operation.RepositoryKeyRemove _,
                    Operation.RepositoryKeyRotate _,
                    SchemaOperation.LintFiles _,
                    SchemaOperation.MigrateNew _,
                    SchemaOperation.MigrateResolve _,
                    SchemaOperation.MigrateBaseline _,
                    SchemaOperation.MigrateImport _,
                    ServingOperation.Watch _,
                    ServingOperation.Alert _,
                    AccessOperation.UserAdd _,
                    AccessOperation.UserRemove _,
                    AccessOperation.TokenCreate _,
                    AccessOperation.TokenRevoke _ -> Role.ADMIN;
        };
    }
}
