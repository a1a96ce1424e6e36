package io.pgcharter.entry.cli;

import io.pgcharter.engine.engine.Observer;
import io.pgcharter.engine.engine.Outcome;
import io.pgcharter.entry.terminal.Figures;
import io.pgcharter.entry.terminal.Table.Cell;
import io.pgcharter.entry.terminal.Tone;
import io.pgcharter.model.id.DatabaseName;
import io.pgcharter.model.id.RepositoryName;
import io.pgcharter.model.operation.Operation;
import io.pgcharter.model.operation.Report;
import io.pgcharter.model.operation.Report.BackupRow;
import io.pgcharter.policy.charter.Charter.BackupPlan;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/// What the repositories of the backup plans hold.
///
/// @param unknown databases with a plan, one of whose repositories could not be listed
record BackupHistory(List<BackupRow> rows, Set<DatabaseName> unknown) {
    BackupHistory {
        rows = List.copyOf(rows);
        unknown = Set.copyOf(unknown);
    }

    /// Lists the repositories through the engine.
    static BackupHistory of(Desk desk) {
        List<BackupPlan> plans = List.copyOf(desk.charter().backups().values());
        List<RepositoryName> repositories =
                plans.stream().flatMap(plan -> plan.to().stream()).distinct().toList();
        List<Outcome> outcomes = Together.map(
                repositories,
                repository -> desk.submit(new Operation.Backups(repository), desk.asking(), Observer.none()));
        List<BackupRow> rows = new ArrayList<>();
        Set<DatabaseName> unknown = new HashSet<>();
        for (int index = 0; index < outcomes.size(); index++) {
            if (outcomes.get(index) instanceof Outcome.Done(var _, Report.Backups(var _, var backups))) {
                rows.addAll(backups);
            } else {
                RepositoryName repository = repositories.get(index);
                plans.stream()
                        .filter(plan -> plan.to().contains(repository))
                        .forEach(plan -> unknown.add(plan.database()));
            }
        }
        return new BackupHistory(rows, unknown);
    }

    Optional<Instant> lastBackup(DatabaseName database) {
        return rows.stream()
                .filter(row -> row.database().equals(database))
                .map(BackupRow::takenAt)
                .max(Comparator.naturalOrder());
    }

    Optional<Instant> lastProof(DatabaseName database) {
        return rows.stream()
                .filter(row -> row.database().equals(database))
                .flatMap(row -> row.provenAt().stream())
                .max(Comparator.naturalOrder());
    }

    Cell cell(Optional<Instant> at, DatabaseName database, Instant now) {
        if (at.isPresent()) {
            return Cell.of(Figures.age(at.get(), now));
        }
        return unknown.contains(database) ? new Cell("unknown", Tone.WARNING) : Cell.none();
    }
}
