package io.pgcharter.entry.cli;

import io.pgcharter.entry.terminal.Screen;
import io.pgcharter.entry.terminal.Table;
import io.pgcharter.entry.terminal.Table.Cell;
import io.pgcharter.entry.terminal.Table.Column;
import io.pgcharter.entry.terminal.Tone;
import io.pgcharter.model.id.DatabaseName;
import io.pgcharter.model.operation.SchemaReport;
import io.pgcharter.model.operation.SchemaReport.CarriedOut;
import io.pgcharter.model.operation.SchemaReport.MigrationRow;
import io.pgcharter.model.operation.SchemaReport.PlannedMigration;
import java.util.List;

/// Migrations as people read them: how each stands, and below the table what is to be done.
final class MigrationText {
    private final Screen screen;

    MigrationText(Screen screen) {
        this.screen = screen;
    }

    void status(SchemaReport.MigrateStatus status) {
        screen.line(
                Tone.STRONG,
                status.database() + ": migrations " + status.migrations() + " (" + status.layout() + "), history "
                        + status.table() + (status.hasTable() ? "" : ", which is not there yet"));
        Table table = new Table(Column.left("MIGRATION"), Column.left("STANDING"), Column.left("SINCE"));
        for (MigrationRow row : status.rows()) {
            table.row(
                    Cell.of(row.name()),
                    new Cell(row.standing(), tone(row)),
                    Cell.of(row.at().map(Object::toString).orElse("")));
        }
        if (table.isEmpty()) {
            screen.line("no migrations");
        } else {
            screen.table(table);
        }
        status.rows().stream().filter(row -> tone(row) == Tone.BAD).forEach(this::explain);
        screen.line(conclusion(status));
        status.release().ifPresent(new ReleaseText(screen)::open);
    }

    private static String conclusion(SchemaReport.MigrateStatus status) {
        if (status.divergences() > 0) {
            return status.divergences() + " to be resolved before anything is applied";
        }
        return status.pending() == 0
                ? "nothing to apply"
                : status.pending() + " to apply: pgcharter migrate up " + status.database();
    }

    private void explain(MigrationRow row) {
        screen.line("");
        screen.line(Tone.BAD, row.name() + " is " + row.standing());
        screen.line("  " + row.note());
        screen.line("  remedy: " + row.remedy());
    }

    private static Tone tone(MigrationRow row) {
        return switch (row.standing()) {
            case "applied", "baselined" -> Tone.GOOD;
            case "pending", "changed" -> Tone.WARNING;
            default -> Tone.BAD;
        };
    }

    void plan(SchemaReport.MigratePlan plan) {
        if (plan.migrations().isEmpty()) {
            screen.line(plan.database() + " lacks no migration");
        }
        for (PlannedMigration migration : plan.migrations()) {
            screen.line(
                    Tone.STRONG,
                    migration.name()
                            + (migration.transaction()
                                    ? ", in one transaction"
                                    : ", statement by statement: " + migration.reason()));
            migration.statements().forEach(statement -> screen.line("  " + statement.line() + ": " + statement.text()));
            if (migration.statements().isEmpty()) {
                screen.line("  it holds no statement");
            }
        }
    }

    void carriedOut(DatabaseName database, String done, List<CarriedOut> migrations, List<String> notes) {
        for (CarriedOut migration : migrations) {
            screen.line(screen.dress(Tone.GOOD, "✓") + " " + done + " " + migration.name() + ": "
                    + count(migration.statements(), "statement")
                    + (migration.transaction() ? " in one transaction" : ", one by one") + ", " + migration.millis()
                    + " ms" + (migration.attempts() > 1 ? ", in attempt " + migration.attempts() : ""));
        }
        notes.forEach(note -> screen.line("  " + note));
        if (migrations.isEmpty()) {
            screen.line("nothing was to be done in " + database);
        }
    }

    void resolved(SchemaReport.MigrateResolve resolve) {
        String now = switch (resolve.now()) {
            case APPLIED -> "applied";
            case ROLLED_BACK -> "rolled back";
        };
        screen.line(resolve.migration() + " was " + resolve.was() + "; the history of " + resolve.database()
                + " now says that it is " + now);
    }

    void taken(DatabaseName database, List<String> migrations) {
        screen.line(database + " is taken to have " + count(migrations.size(), "migration")
                + (migrations.isEmpty() ? "" : ", up to " + migrations.getLast()));
    }

    private static String count(int count, String noun) {
        return count + " " + noun + (count == 1 ? "" : "s");
    }
}
