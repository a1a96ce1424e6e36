package io.pgcharter.entry.cli;

import io.pgcharter.entry.terminal.Figures;
import io.pgcharter.entry.terminal.Screen;
import io.pgcharter.entry.terminal.Tone;
import io.pgcharter.model.operation.Report;
import io.pgcharter.model.operation.Report.Upkeep;
import java.util.List;
import java.util.Locale;

/// Maintenance and advice as people read them: what, why, and what came of it.
final class MaintenanceText {
    private final Screen screen;

    MaintenanceText(Screen screen) {
        this.screen = screen;
    }

    void maintain(Report.Maintain report) {
        String looked = switch (report.task()) {
            case VACUUM, STATISTICS -> Figures.count(report.judgedCount(), "table");
            case REINDEX -> Figures.count(report.judgedCount()) + (report.judgedCount() == 1 ? " index" : " indexes");
            case PARTITIONS -> Figures.count(report.judgedCount(), "partition");
        };
        long done = count(report, Upkeep.DONE);
        long left = count(report, Upkeep.GIVEN_UP) + count(report, Upkeep.FAILED);
        screen.line((left == 0 ? screen.dress(Tone.GOOD, "✓") : screen.dress(Tone.WARNING, "!")) + " "
                + report.task().name().toLowerCase(Locale.ROOT) + " of " + report.database() + ": looked at " + looked
                + ", " + (report.rows().isEmpty() ? "nothing is needed" : done + " done")
                + (left == 0 ? "" : ", " + left + " not done") + " in " + Figures.duration(report.durationMillis()));
        for (Report.MaintainRow row : report.rows()) {
            screen.line("  " + mark(row.outcome()) + " " + row.subject());
            screen.line("      " + row.need());
            screen.line("      " + row.result());
        }
        report.notes().forEach(note -> screen.line("  note: " + note));
    }

    private static long count(Report.Maintain report, Upkeep outcome) {
        return report.rows().stream().filter(row -> row.outcome() == outcome).count();
    }

    private String mark(Upkeep outcome) {
        return switch (outcome) {
            case DONE -> screen.dress(Tone.GOOD, "done    ");
            case GIVEN_UP -> screen.dress(Tone.WARNING, "given up");
            case FAILED -> screen.dress(Tone.BAD, "failed  ");
            case ADVISED -> screen.dress(Tone.STRONG, "advice  ");
        };
    }

    void advice(Report.Advice report) {
        if (report.advice().isEmpty()) {
            screen.line(screen.dress(Tone.GOOD, "✓") + " no advice for " + report.database());
        }
        for (Report.AdviceRow row : report.advice()) {
            screen.line(screen.dress(
                            Tone.STRONG,
                            row.kind().name().toLowerCase(Locale.ROOT).replace('_', ' ')) + ": " + row.subject());
            screen.line("    why    " + row.evidence());
            lines("    type   ", row.sql());
            if (!row.price().isEmpty()) {
                screen.line("    price  " + row.price());
            }
        }
        report.notes().forEach(note -> screen.line("note: " + note));
    }

    private void lines(String label, List<String> lines) {
        for (int line = 0; line < lines.size(); line++) {
            screen.line((line == 0 ? label : " ".repeat(label.length())) + lines.get(line) + ";");
        }
    }
}
