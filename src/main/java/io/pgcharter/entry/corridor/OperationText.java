package io.pgcharter.entry.corridor;

import io.pgcharter.model.id.RepositoryName;
import io.pgcharter.model.operation.AccessOperation;
import io.pgcharter.model.operation.Operation;
import io.pgcharter.model.operation.SchemaOperation;
import io.pgcharter.model.operation.ServingOperation;
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
            case ServingOperation.Watch() -> "watch over the databases";
            case ServingOperation.Alert() -> "delivery of alerts";
            case ServingOperation.AlertAcknowledge(String alert, String because) ->
                "acknowledgement of alert " + alert + ": " + because;
            case ServingOperation.AlertSilence(String subject, var _, String because) ->
                "silence about " + subject + ": " + because;
            case ServingOperation.AlertUnsilence(String silence) -> "end of silence " + silence;
            case ServingOperation.AlertTry(String receiver) -> "trial notice to " + receiver;
            case Operation.Maintain(var database, var task) ->
                task.name().toLowerCase(Locale.ROOT) + " maintenance of " + database;
            case Operation.SessionsList(var database) -> "list of the sessions of " + database;
            case Operation.SessionsEnd end ->
                (end.force() ? "end of session " : "cancellation of the statement of session ") + end.process() + " of "
                        + end.database();
            case Operation.Advice(var database) -> "advice for " + database;
            case Operation.Queries(var database) -> "queries of " + database;
            case SchemaOperation schema -> of(schema);
            case Operation.Pools(var pooler) ->
                "sizes of the pools of " + pooler.map(name -> name.text()).orElse("every pooler");
            case AccessOperation.UserAdd(String user, var role) ->
                "admission of user " + user + " as " + role.name().toLowerCase(Locale.ROOT);
            case AccessOperation.UserRemove(String user) -> "removal of user " + user;
            case AccessOperation.TokenCreate create -> "token " + create.name() + " for user " + create.user();
            case AccessOperation.TokenRevoke(String token) -> "revocation of token " + token;
            case AccessOperation.Login login -> "login of " + login.user() + " from " + login.address();
            case AccessOperation.Logout(String user, String session) -> "end of session " + session + " of " + user;
            case AccessOperation.PasswordChange change -> "another password of " + change.user();
            case Operation.JournalVerify() -> "verification of the journal";
        };
    }

    private static String of(SchemaOperation operation) {
        return switch (operation) {
            case SchemaOperation.Lint(var migrations, var target, boolean all) ->
                "lint of " + (all ? "all " : "") + migrations
                        + target.map(name -> " for " + name).orElse("");
            case SchemaOperation.LintFiles(var files, var target) ->
                "lint of " + String.join(" and ", files)
                        + target.map(name -> " for " + name).orElse("");
            case SchemaOperation.MigrateStatus(var database) -> "migrations of " + database;
            case SchemaOperation.MigratePlan(var database) -> "plan of the migrations of " + database;
            case SchemaOperation.MigrateUp(var database, var to) ->
                "migration of " + database + to.map(name -> " up to " + name).orElse("");
            case SchemaOperation.MigrateDown(var database, int count) ->
                "undoing of " + (count == 1 ? "one migration" : count + " migrations") + " of " + database;
            case SchemaOperation.MigrateNew(var migrations, String title) ->
                "a new migration in " + migrations + ": " + title;
            case SchemaOperation.MigrateResolve(var database, String migration, var standing) ->
                "migration " + migration + " of " + database + " taken for "
                        + standing.name().toLowerCase(Locale.ROOT).replace('_', ' ');
            case SchemaOperation.MigrateBaseline(var database, String to) -> "baseline of " + database + " at " + to;
            case SchemaOperation.MigrateImport(var database, var from) ->
                "history of " + database + " taken over from " + from.name().toLowerCase(Locale.ROOT);
            case SchemaOperation.Rehearse(var database) -> "rehearsal of the migrations of " + database;
            case SchemaOperation.Release(var database, var abandon, var wait) ->
                (abandon ? "end, as it is, of the release of the migrations of " : "release of the migrations of ")
                        + database
                        + wait.map(longest -> ", waiting at most " + longest.toMinutes() + " min for its window")
                                .orElse("");
            case SchemaOperation.SchemaDiff(var source, var target, var _) ->
                "difference of the schemas of " + source + " and " + target;
            case SchemaOperation.SchemaDrift(var database, var other) ->
                "drift of " + database + " from "
                        + other.map(name -> name.text()).orElse("its migrations");
            case SchemaOperation.SchemaPush push -> "push of the schema of " + push.source() + " to " + push.target();
            case SchemaOperation.Seed(var database, String state) -> "seed '" + state + "' for " + database;
            case SchemaOperation.Reset(var database, var state) ->
                "reset of " + database
                        + state.map(name -> " with seed '" + name + "'").orElse("");
        };
    }

    private static String listed(List<RepositoryName> repositories) {
        return String.join(
                " and ", repositories.stream().map(RepositoryName::text).toList());
    }
}
