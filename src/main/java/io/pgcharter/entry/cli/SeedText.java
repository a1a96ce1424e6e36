package io.pgcharter.entry.cli;

import io.pgcharter.entry.terminal.Screen;
import io.pgcharter.entry.terminal.Tone;
import io.pgcharter.model.operation.SchemaReport;
import java.util.Locale;

/// What was seeded and reset, for people.
final class SeedText {
    private final Screen screen;

    SeedText(Screen screen) {
        this.screen = screen;
    }

    void show(SchemaReport.Seed seed) {
        long rows =
                seed.tables().stream().mapToLong(SchemaReport.SeededTable::rows).sum();
        screen.line(screen.dress(Tone.GOOD, "✓") + " " + seed.database() + " is in state '" + seed.state() + "': "
                + String.format(Locale.ROOT, "%,d", rows) + " rows in "
                + seed.tables().size() + " tables");
        seed.tables()
                .forEach(table -> screen.line(String.format(Locale.ROOT, "  %,10d  %s", table.rows(), table.table())));
    }

    void show(SchemaReport.Reset reset) {
        screen.line(screen.dress(Tone.GOOD, "✓") + " " + reset.database() + " is new: " + reset.dropped()
                + " tables dropped, "
                + reset.migrations() + " migrations applied");
        reset.seed().ifPresent(this::show);
    }
}
