package io.pgcharter.policy.guard;

import io.pgcharter.model.operation.Operation;
import io.pgcharter.model.operation.Role;

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
                    Operation.Login _,
                    Operation.Logout _,
                    Operation.PasswordChange _ -> Role.VIEWER;
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
                    Operation.AlertAcknowledge _,
                    Operation.AlertSilence _,
                    Operation.AlertUnsilence _,
                    Operation.AlertTry _ -> Role.OPERATOR;
            case Operation.Approve _ -> Role.APPROVER;
            case Operation.BackupUnpin _,
                    Operation.RepositoryInit _,
                    Operation.RepositoryForget _,
                    Operation.RepositoryRepair _,
                    Operation.RepositoryKeyAdd _,
                    Operation.RepositoryKeyRemove _,
                    Operation.RepositoryKeyRotate _,
                    Operation.Watch _,
                    Operation.Alert _,
                    Operation.UserAdd _,
                    Operation.UserRemove _,
                    Operation.TokenCreate _,
                    Operation.TokenRevoke _ -> Role.ADMIN;
        };
    }
}
