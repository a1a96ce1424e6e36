package io.pgcharter.entry.cli;

import io.pgcharter.entry.terminal.Figures;
import io.pgcharter.entry.terminal.Screen;
import io.pgcharter.entry.terminal.Tone;
import io.pgcharter.model.operation.Report;
import java.time.Instant;
import java.util.List;

/// Checks and repairs of repositories as people read them: what is wrong, what it costs, what to do.
final class HealthText {
    private static final int COSTS_SHOWN_MAX = 10;
    private static final int LEFTOVERS_SHOWN_MAX = 5;

    private final Screen screen;
    private final Instant now;

    HealthText(Screen screen, Instant now) {
        this.screen = screen;
        this.now = now;
    }

    void check(Report.RepositoryCheck check) {
        String what = Figures.count(check.snapshotCount(), "snapshot") + ", " + Figures.count(check.packCount(), "pack")
                + ", " + Figures.count(check.blobCount(), "blob");
        if (check.findings().isEmpty()) {
            screen.line(screen.dress(Tone.GOOD, "✓") + " repository " + check.repository() + " is whole: " + what);
        } else {
            screen.line(Tone.BAD, "repository " + check.repository() + " is damaged (" + what + "):");
        }
        reading(check);
        for (Report.Finding finding : check.findings()) {
            screen.line("");
            screen.line("  " + finding.fact());
            lines("costs ", finding.costs());
            screen.line("    remedy  " + finding.remedy());
        }
        leftovers(check.leftovers());
    }

    private void reading(Report.RepositoryCheck check) {
        String read = check.readPackCount() == 0
                ? "no pack"
                : Figures.count(check.readPackCount(), "pack") + ", " + Figures.size(check.readBytes());
        String due = check.duePackCount() == 0
                ? ""
                : ", " + Figures.count(check.duePackCount(), "pack")
                        + (check.duePackCount() == 1 ? " remains due" : " remain due");
        String oldest = check.oldestReadAt()
                .map(at -> "; every pack was read, the oldest " + Figures.age(at, now))
                .orElse("; not every pack was ever read");
        screen.line("  read    " + read + " now" + due + (check.packCount() == 0 ? "" : oldest));
    }

    private void lines(String label, List<String> lines) {
        int shown = Math.min(lines.size(), COSTS_SHOWN_MAX);
        for (int line = 0; line < shown; line++) {
            screen.line("    " + (line == 0 ? label : " ".repeat(label.length())) + "  " + lines.get(line));
        }
        if (shown < lines.size()) {
            screen.line("    " + " ".repeat(label.length()) + "  and " + (lines.size() - shown)
                    + " more: see them all with --json");
        }
    }

    private void leftovers(List<Report.Finding> leftovers) {
        if (leftovers.isEmpty()) {
            return;
        }
        screen.line("");
        screen.line("  no damage, but not needed by any backup:");
        leftovers.stream().limit(LEFTOVERS_SHOWN_MAX).forEach(finding -> screen.line("    " + finding.fact()));
        if (leftovers.size() > LEFTOVERS_SHOWN_MAX) {
            screen.line("    and " + (leftovers.size() - LEFTOVERS_SHOWN_MAX) + " more");
        }
    }

    void repair(Report.RepositoryRepair repair) {
        if (repair.lost().isEmpty()) {
            screen.line(screen.dress(Tone.GOOD, "✓") + " repository " + repair.repository()
                    + (repair.done().isEmpty() ? " needed no repair" : " is repaired; nothing is lost"));
        } else {
            screen.line(Tone.BAD, "repository " + repair.repository() + " is repaired, but not whole");
        }
        repair.done().forEach(line -> screen.line("  " + line));
        if (!repair.lost().isEmpty()) {
            screen.line("  lost:");
            repair.lost().forEach(line -> screen.line("    " + line));
        }
    }
}
