package io.pgcharter.entry.cli;

import io.pgcharter.entry.terminal.Screen;
import io.pgcharter.model.operation.SchemaReport;

/// Reports of work on the shape of databases, for people.
final class SchemaText {
    private final Screen screen;

    SchemaText(Screen screen) {
        this.screen = screen;
    }

    void show(SchemaReport report) {
        switch (report) {
            case SchemaReport.Lint lint -> new LintText(screen).show(lint);
        }
    }
}
