package io.pgcharter.entry.cli;

import io.pgcharter.model.operation.Operation;

/// Operations in words.
final class OperationText {
    private OperationText() {}

    /// One line without full stop: `copy of payments into cold-storage`.
    static String of(Operation operation) {
        return switch (operation) {
            case Operation.Status(var database) -> "status of " + database;
            case Operation.Backup(var database, var repository) -> "backup of " + database + " into " + repository;
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
            case Operation.RepositoryInit(var repository) -> "creation of repository " + repository;
            case Operation.RepositoryList(var repository) -> "list of the snapshots in " + repository;
            case Operation.RepositoryCheck(var repository, boolean readData) ->
                "check of repository " + repository + (readData ? ", reading all data" : "");
            case Operation.RepositoryForget(var repository, var backup) ->
                "removal of backup " + backup.abbreviated() + " from " + repository;
            case Operation.RepositoryStats(var repository) -> "count of what " + repository + " holds";
            case Operation.JournalVerify() -> "verification of the journal";
        };
    }
}
