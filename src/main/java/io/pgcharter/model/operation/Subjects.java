package io.pgcharter.model.operation;

import io.pgcharter.model.id.DatabaseName;
import io.pgcharter.model.id.RepositoryName;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/// What of the charter an operation names.
public final class Subjects {
    private Subjects() {}

    /// All of them, as `database/payments` and `repository/offsite`.
    public static List<String> texts(Operation operation) {
        return Stream.concat(
                        databases(operation).stream().map(name -> "database/" + name),
                        repositories(operation).stream().map(name -> "repository/" + name))
                .toList();
    }

    /// The databases of the charter that it reads or changes.
    public static List<DatabaseName> databases(Operation operation) {
        return switch (operation) {
            case Operation.Status(var database) -> List.of(database);
            case Operation.Backup backup -> List.of(backup.database());
            case Operation.Verify verify -> List.of(verify.database());
            case Operation.Restore restore -> List.of(restore.source(), restore.target());
            case Operation.Copy copy -> List.of(copy.source(), copy.target());
            case Operation.RetentionPlan plan -> List.of(plan.database());
            case Operation.RetentionApply apply -> List.of(apply.database());
            case Operation.Health(var database) -> database.stream().toList();
            case Operation.Maintain maintain -> List.of(maintain.database());
            case Operation.SessionsList(var database) -> List.of(database);
            case Operation.SessionsEnd end -> List.of(end.database());
            case Operation.Advice(var database) -> List.of(database);
            case Operation.Queries(var database) -> List.of(database);
            case SchemaOperation schema -> databases(schema);
            case Operation.Backups _,
                    Operation.BackupPin _,
                    Operation.BackupUnpin _,
                    Operation.RepositoryList _,
                    Operation.RepositoryCheck _,
                    Operation.RepositoryStats _,
                    Operation.RepositoryInit _,
                    Operation.RepositoryForget _,
                    Operation.RepositoryRepair _,
                    Operation.RepositoryPrune _,
                    Operation.RepositoryCopy _,
                    Operation.RepositoryKeyList _,
                    Operation.RepositoryKeyAdd _,
                    Operation.RepositoryKeyRemove _,
                    Operation.RepositoryKeyRotate _,
                    Operation.Approve _,
                    Operation.Cancel _,
                    Operation.Pools _,
                    ServingOperation _,
                    AccessOperation _,
                    Operation.JournalVerify _ -> List.of();
        };
    }

    private static List<DatabaseName> databases(SchemaOperation operation) {
        return switch (operation) {
            case SchemaOperation.Lint(var _, var target, var _) ->
                target.stream().toList();
            case SchemaOperation.LintFiles(var _, var target) -> target.stream().toList();
            case SchemaOperation.MigrateNew _ -> List.of();
            case SchemaOperation.MigrateStatus(var database) -> List.of(database);
            case SchemaOperation.MigratePlan(var database) -> List.of(database);
            case SchemaOperation.MigrateUp up -> List.of(up.database());
            case SchemaOperation.MigrateDown down -> List.of(down.database());
            case SchemaOperation.MigrateResolve resolve -> List.of(resolve.database());
            case SchemaOperation.MigrateBaseline baseline -> List.of(baseline.database());
            case SchemaOperation.MigrateImport taken -> List.of(taken.database());
            case SchemaOperation.Rehearse(var database) -> List.of(database);
            case SchemaOperation.Release(var database, var _, var _) -> List.of(database);
            case SchemaOperation.SchemaDiff(var source, var target, var _) -> List.of(source, target);
            case SchemaOperation.SchemaDrift(var database, var other) ->
                Stream.concat(Stream.of(database), other.stream()).toList();
            case SchemaOperation.SchemaPush push -> List.of(push.source(), push.target());
            case SchemaOperation.Seed seed -> List.of(seed.database());
            case SchemaOperation.Reset reset -> List.of(reset.database());
        };
    }

    /// The repositories of the charter that it reads or changes.
    public static List<RepositoryName> repositories(Operation operation) {
        return switch (operation) {
            case Operation.Backup backup -> backup.repositories();
            case Operation.Verify verify -> List.of(verify.repository());
            case Operation.Restore restore -> List.of(restore.repository());
            case Operation.Backups(var repository) -> List.of(repository);
            case Operation.RepositoryList(var repository) -> List.of(repository);
            case Operation.RepositoryCheck check -> List.of(check.repository());
            case Operation.RepositoryStats(var repository) -> List.of(repository);
            case Operation.RepositoryInit init -> withOther(init.repository(), init.like());
            case Operation.RepositoryForget forget -> List.of(forget.repository());
            case Operation.RepositoryRepair repair -> withOther(repair.repository(), repair.from());
            case Operation.RepositoryPrune prune -> List.of(prune.repository());
            case Operation.RepositoryCopy copy -> List.of(copy.from(), copy.to());
            case Operation.RepositoryKeyList list -> List.of(list.repository());
            case Operation.RepositoryKeyAdd add -> List.of(add.repository());
            case Operation.RepositoryKeyRemove remove -> List.of(remove.repository());
            case Operation.RepositoryKeyRotate rotate -> List.of(rotate.repository());
            case Operation.BackupPin pin -> List.of(pin.repository());
            case Operation.BackupUnpin unpin -> List.of(unpin.repository());
            case Operation.RetentionPlan plan -> List.of(plan.repository());
            case Operation.RetentionApply apply -> List.of(apply.repository());
            case SchemaOperation _,
                    Operation.Status _,
                    Operation.Copy _,
                    Operation.Approve _,
                    Operation.Cancel _,
                    Operation.Health _,
                    Operation.Maintain _,
                    Operation.SessionsList _,
                    Operation.SessionsEnd _,
                    Operation.Advice _,
                    Operation.Queries _,
                    Operation.Pools _,
                    ServingOperation _,
                    AccessOperation _,
                    Operation.JournalVerify _ -> List.of();
        };
    }

    private static List<RepositoryName> withOther(RepositoryName repository, Optional<RepositoryName> other) {
        return Stream.concat(Stream.of(repository), other.stream()).toList();
    }
}
