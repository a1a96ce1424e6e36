package io.pgcharter.entry.corridor;

import io.pgcharter.model.id.RepositoryName;
import io.pgcharter.model.operation.Operation;
import java.util.List;
import java.util.Locale;

/// Operations in words.
public final class OperationText {
    private OperationText() {}

    /// One line without full stop: `copy of payments into cold-storage`.
    public static String of(Operation operation) {
        return switch (operation) {
            case Operation.Status(var database) -> "status of " + database;
            case Operation.Backup(var database, var repositories) ->
                "backup of " + database + " into " + listed(repositories);
            case Operation.Backups(var repository) -> "list of the backups in " + repository;
            case Operation.Restore restore ->
                "restore of " + restore.source() + " from backup "
                        + restore.backup().abbreviated() + " in " + restore.repository() + " into "
                        + restore.newDatabase()
                                .map(name -> "the new database '" + name + "' beside ")
                                .orElse("")
                        + restore.target();
            case Operation.Verify(var backup, var repository, var database) ->
                "verification of backup " + backup.abbreviated() + " of " + database + " in " + repository;
            case Operation.Copy(var source, var target, boolean replace) ->
                "copy of " + source + " into " + target + (replace ? ", replacing what is there" : "");
            case Operation.Approve(String request) -> "approval of request " + request;
            case Operation.Cancel(var run) -> "cancellation of run " + run;
            case Operation.BackupPin(var backup, var repository, String because) ->
                "pin of backup " + backup.abbreviated() + " in " + repository + ": " + because;
            case Operation.BackupUnpin(var backup, var repository) ->
                "removal of the pin of backup " + backup.abbreviated() + " in " + repository;
            case Operation.RetentionPlan(var database, var repository) ->
                "retention plan of " + database + " in " + repository;
            case Operation.RetentionApply(var database, var repository) ->
                "retention of " + database + " in " + repository;
            case Operation.RepositoryInit(var repository, var like) ->
                "creation of repository " + repository
                        + like.map(other -> " like " + other).orElse("");
            case Operation.RepositoryList(var repository) -> "list of the snapshots in " + repository;
            case Operation.RepositoryCheck(var repository, var reading) ->
                "check of repository " + repository
                        + reading.map(packs -> ", reading what is due").orElse("");
            case Operation.RepositoryRepair(var repository, var from) ->
                "repair of repository " + repository
                        + from.map(other -> " from " + other).orElse("");
            case Operation.RepositoryPrune(var repository, var _) -> "prune of repository " + repository;
            case Operation.RepositoryCopy(var from, var to, var backup) ->
                "copy of "
                        + backup.map(id -> "backup " + id.abbreviated() + " of ")
                                .orElse("")
                        + "repository " + from + " into " + to;
            case Operation.RepositoryKeyList(var repository) -> "list of the keys of " + repository;
            case Operation.RepositoryKeyAdd(var repository, var _) -> "one more key for " + repository;
            case Operation.RepositoryKeyRemove(var repository, String key) ->
                "removal of the key " + key + " of " + repository;
            case Operation.RepositoryKeyRotate(var repository, var _) -> "change of the password of " + repository;
            case Operation.RepositoryForget(var repository, var backup) ->
                "removal of backup " + backup.abbreviated() + " from " + repository;
            case Operation.RepositoryStats(var repository) -> "count of what " + repository + " holds";
            case Operation.Health(var database) ->
                "health of " + database.map(name -> name.text()).orElse("the installation");
            case Operation.Watch() -> "watch over the databases";
            case Operation.Alert() -> "delivery of alerts";
            case Operation.AlertAcknowledge(String alert, String because) ->
                "acknowledgement of alert " + alert + ": " + because;
            case Operation.AlertSilence(String subject, var _, String because) ->
                "silence about " + subject + ": " + because;
            case Operation.AlertUnsilence(String silence) -> "end of silence " + silence;
            case Operation.AlertTry(String receiver) -> "trial notice to " + receiver;
            case Operation.Maintain(var database, var task) ->
                task.name().toLowerCase(Locale.ROOT) + " maintenance of " + database;
            case Operation.SessionsList(var database) -> "list of the sessions of " + database;
            case Operation.SessionsEnd end ->
                (end.force() ? "end of session " : "cancellation of the statement of session ") + end.process() + " of "
                        + end.database();
            case Operation.Advice(var database) -> "advice for " + database;
            case Operation.Queries(var database) -> "queries of " + database;
            case Operation.Pools(var pooler) ->
                "sizes of the pools of " + pooler.map(name -> name.text()).orElse("every pooler");
            case Operation.UserAdd(String user, var role) ->
                "admission of user " + user + " as " + role.name().toLowerCase(Locale.ROOT);
            case Operation.UserRemove(String user) -> "removal of user " + user;
            case Operation.TokenCreate create -> "token " + create.name() + " for user " + create.user();
            case Operation.TokenRevoke(String token) -> "revocation of token " + token;
            case Operation.Login login -> "login of " + login.user() + " from " + login.address();
            case Operation.Logout(String user, String session) -> "end of session " + session + " of " + user;
            case Operation.PasswordChange change -> "another password of " + change.user();
            case Operation.JournalVerify() -> "verification of the journal";
        };
    }

    private static String listed(List<RepositoryName> repositories) {
        return String.join(
                " and ", repositories.stream().map(RepositoryName::text).toList());
    }
}
