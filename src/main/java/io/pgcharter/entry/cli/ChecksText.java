package io.pgcharter.entry.cli;

import io.pgcharter.entry.terminal.Figures;
import io.pgcharter.entry.terminal.Screen;
import io.pgcharter.entry.terminal.Table;
import io.pgcharter.entry.terminal.Table.Cell;
import io.pgcharter.entry.terminal.Table.Column;
import io.pgcharter.entry.terminal.Tone;
import io.pgcharter.model.health.Finding;
import io.pgcharter.model.health.Level;
import io.pgcharter.model.operation.Report;
import io.pgcharter.model.operation.Report.Checked;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// What checks said, as people read it: the worst first, and what to do.
final class ChecksText {
    private static final int FINDINGS_SHOWN_MAX = 10;

    private final Screen screen;

    ChecksText(Screen screen) {
        this.screen = screen;
    }

    /// @param all also what is OK or does not apply
    void show(List<Report.Health> reports, boolean all) {
        List<Checked> checks = reports.stream()
                .flatMap(report -> report.checks().stream())
                .sorted(Comparator.comparing(Checked::level)
                        .reversed()
                        .thenComparing(Checked::subject)
                        .thenComparing(Checked::check))
                .toList();
        List<Checked> bad = checks.stream().filter(ChecksText::isBad).toList();
        Table table = new Table(
                Column.left("LEVEL"), Column.left("SUBJECT"), Column.left("CHECK"), Column.left("WHAT WAS SEEN"));
        (all ? checks : bad)
                .forEach(check -> table.row(
                        new Cell(word(check.level()), tone(check.level())),
                        Cell.of(check.subject()),
                        Cell.of(check.check()),
                        Cell.of(check.message())));
        if (!table.isEmpty()) {
            screen.table(table);
            screen.line("");
        }
        bad.stream().filter(check -> check.findings().size() > 1).forEach(this::findings);
        remedies(bad);
        screen.line(tally(checks));
    }

    private static boolean isBad(Checked check) {
        return check.level().isWorseThan(Level.NOT_APPLICABLE);
    }

    private void findings(Checked check) {
        screen.line(Tone.STRONG, check.check() + " of " + check.subject());
        check.findings().stream().limit(FINDINGS_SHOWN_MAX).forEach(finding -> screen.line(line(finding)));
        if (check.findings().size() > FINDINGS_SHOWN_MAX) {
            screen.line("  … " + (check.findings().size() - FINDINGS_SHOWN_MAX) + " more: --json shows all");
        }
        screen.line("");
    }

    private static String line(Finding finding) {
        return "  " + word(finding.level()) + "  " + finding.key() + ": " + finding.text()
                + finding.waived().map(reason -> " (waived: " + reason + ")").orElse("");
    }

    /// Each check's remedy once; what is UNKNOWN says in its row what would help.
    private void remedies(List<Checked> bad) {
        Map<String, String> remedies = new LinkedHashMap<>();
        bad.stream()
                .filter(check -> check.level().isWorseThan(Level.UNKNOWN))
                .forEach(check -> remedies.put(check.check(), check.remedy()));
        if (remedies.isEmpty()) {
            return;
        }
        screen.line(Tone.STRONG, "What to do");
        remedies.forEach((check, remedy) -> screen.line("  " + check + ": " + remedy));
        screen.line("");
    }

    private static String tally(List<Checked> checks) {
        StringBuilder tally = new StringBuilder(Figures.count(checks.size(), "check")).append(": ");
        String between = "";
        for (Level level : List.of(Level.CRIT, Level.WARN, Level.UNKNOWN, Level.OK, Level.NOT_APPLICABLE)) {
            long count = checks.stream().filter(check -> check.level() == level).count();
            if (count > 0) {
                tally.append(between).append(count).append(' ').append(word(level));
                between = ", ";
            }
        }
        return tally.toString();
    }

    private static String word(Level level) {
        return switch (level) {
            case OK -> "OK";
            case NOT_APPLICABLE -> "N/A";
            case UNKNOWN -> "UNKNOWN";
            case WARN -> "WARN";
            case CRIT -> "CRIT";
        };
    }

    private static Tone tone(Level level) {
        return switch (level) {
            case OK -> Tone.GOOD;
            case NOT_APPLICABLE -> Tone.FAINT;
            case UNKNOWN, WARN -> Tone.WARNING;
            case CRIT -> Tone.BAD;
        };
    }
}
