package io.pgcharter.entry.cli;

import io.pgcharter.entry.terminal.Screen;
import io.pgcharter.model.operation.SchemaReport;

/// Reports of work on the shape of databases, for people.
final class SchemaText {
    private final Screen screen;
    private final ChangesText changes;

    SchemaText(Screen screen) {
        this.screen = screen;
        this.changes = new ChangesText(screen);
    }

    void show(SchemaReport report) {
        switch (report) {
            case SchemaReport.Seed seed -> new SeedText(screen).show(seed);
            case SchemaReport.Reset reset -> new SeedText(screen).show(reset);
            case SchemaReport.Lint lint -> new LintText(screen).show(lint);
            case SchemaReport.MigrateStatus status -> new MigrationText(screen).status(status);
            case SchemaReport.MigratePlan plan -> new MigrationText(screen).plan(plan);
            case SchemaReport.MigrateUp up ->
                new MigrationText(screen).carriedOut(up.database(), "applied", up.migrations(), up.notes());
            case SchemaReport.MigrateDown down ->
                new MigrationText(screen).carriedOut(down.database(), "undone", down.migrations(), down.notes());
            case SchemaReport.MigrateNew made -> made.files().forEach(file -> screen.line("made " + file));
            case SchemaReport.MigrateResolve resolve -> new MigrationText(screen).resolved(resolve);
            case SchemaReport.MigrateBaseline baseline ->
                new MigrationText(screen).taken(baseline.database(), baseline.migrations());
            case SchemaReport.MigrateImport taken ->
                new MigrationText(screen).taken(taken.database(), taken.migrations());
            case SchemaReport.Release release -> new ReleaseText(screen).show(release);
            case SchemaReport.Rehearse rehearse -> new RehearsalText(screen).show(rehearse);
            case SchemaReport.SchemaDiff diff -> changes.show(diff);
            case SchemaReport.SchemaDrift drift -> changes.show(drift);
            case SchemaReport.SchemaPush push -> changes.show(push);
        }
    }
}
