package io.pgcharter.entry.cli;

import io.pgcharter.model.id.DatabaseName;
import io.pgcharter.model.id.RepositoryName;
import io.pgcharter.model.operation.Operation;
import io.pgcharter.model.problem.ProblemCode;
import io.pgcharter.model.problem.ProblemException;
import io.pgcharter.policy.charter.Charter.BackupPlan;
import io.pgcharter.policy.charter.Charter.RepositoryPlace;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BiFunction;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/// Arguments that say whose backups, and where, as `retention plan` and `retention apply` take them.
final class RetentionChoice {
    @Parameters(
            paramLabel = "DATABASE",
            arity = "0..1",
            description = "The database. Default: every one whose backup plan has a retention.")
    @Nullable
    DatabaseName database;

    @Option(
            names = "--repository",
            paramLabel = "REPOSITORY",
            description = "The repository. Default: every one of the backup plan.")
    @Nullable
    RepositoryName repository;

    /// @param suits which places of a plan are meant where none is named; if no one suits, all are, so that the guard
    ///     says why not
    List<Operation> each(
            Desk desk,
            Predicate<RepositoryPlace> suits,
            BiFunction<DatabaseName, RepositoryName, Operation> operation) {
        List<Operation> operations = new ArrayList<>();
        for (DatabaseName name : databases(desk)) {
            for (RepositoryName place : places(desk, name, suits)) {
                operations.add(operation.apply(name, place));
            }
        }
        return operations;
    }

    private List<DatabaseName> databases(Desk desk) {
        if (database != null) {
            return List.of(desk.database(database));
        }
        List<BackupPlan> plans = desk.charter().backups().values().stream()
                .filter(plan -> plan.retention().isPresent())
                .toList();
        if (plans.isEmpty()) {
            throw new ProblemException(
                    ProblemCode.USAGE,
                    "the charter has no retention",
                    "no backup plan of '" + desk.charter().file() + "' says what is kept, so everything is",
                    "add a retention to a backup plan (docs/retention.md), or name a database");
        }
        List<DatabaseName> databases = plans.stream()
                .filter(plan -> repository == null || plan.to().contains(repository))
                .map(BackupPlan::database)
                .toList();
        // Where the repository named is in no plan, the guard says so.
        return databases.isEmpty() ? plans.stream().map(BackupPlan::database).toList() : databases;
    }

    private List<RepositoryName> places(Desk desk, DatabaseName name, Predicate<RepositoryPlace> suits) {
        if (repository != null) {
            return List.of(desk.repository(repository));
        }
        List<RepositoryName> planned = desk.plannedRepositories(name);
        List<RepositoryName> suitable = planned.stream()
                .filter(place -> suits.test(desk.charter().repository(place)))
                .toList();
        return suitable.isEmpty() ? planned : suitable;
    }
}
