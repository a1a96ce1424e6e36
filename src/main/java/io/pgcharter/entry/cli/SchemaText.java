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
            case SchemaReport.Lint lint -> screen.line(lint.files() + " files, " + lint.statements() + " statements");
            case SchemaReport.SchemaDiff diff -> changes.show(diff);
            case SchemaReport.SchemaDrift drift -> changes.show(drift);
            case SchemaReport.SchemaPush push -> changes.show(push);
        }
    }
}
