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
            case SchemaReport.Seed seed -> new SeedText(screen).show(seed);
            case SchemaReport.Reset reset -> new SeedText(screen).show(reset);
            case SchemaReport.Lint lint -> screen.line(lint.files() + " files, " + lint.statements() + " statements");
        }
    }
}
