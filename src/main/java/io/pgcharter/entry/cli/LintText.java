package io.pgcharter.entry.cli;

import io.pgcharter.entry.terminal.Figures;
import io.pgcharter.entry.terminal.Screen;
import io.pgcharter.entry.terminal.Tone;
import io.pgcharter.model.operation.LintFinding;
import io.pgcharter.model.operation.LintFinding.Severity;
import io.pgcharter.model.operation.SchemaReport;
import java.util.HashSet;
import java.util.Locale;
import java.util.Set;

/// What lint found, for people: place, line, caret; why a rule speaks is said once for each rule.
final class LintText {
    private final Screen screen;

    LintText(Screen screen) {
        this.screen = screen;
    }

    void show(SchemaReport.Lint lint) {
        Set<String> explained = new HashSet<>();
        for (LintFinding finding : lint.findings()) {
            show(finding, explained.add(finding.rule()));
            screen.line("");
        }
        lint.notes().forEach(note -> screen.paragraph("note: ", note));
        screen.line(
                lint.fails() ? Tone.BAD : Tone.GOOD,
                (lint.fails() ? "✗ " : "✓ ") + Figures.count(lint.files(), "file") + ", "
                        + Figures.count(lint.statements(), "statement") + ", for PostgreSQL " + lint.version() + ": "
                        + Figures.count(lint.count(Severity.ERROR), "error") + ", "
                        + Figures.count(lint.count(Severity.WARNING), "warning") + ", "
                        + Figures.count(lint.count(Severity.NOTICE), "notice"));
    }

    private void show(LintFinding finding, boolean first) {
        String severity = finding.severity().name().toLowerCase(Locale.ROOT);
        screen.line(finding.file() + ":" + finding.line() + ":" + finding.column() + ": "
                + screen.dress(tone(finding.severity()), severity) + " " + finding.rule() + ": " + finding.message());
        finding.source().lines().forEach(line -> screen.line("    " + line));
        if (first) {
            screen.paragraph("  why:  ", finding.why());
            screen.paragraph("  safe: ", finding.advice());
        }
        finding.sql().ifPresent(sql -> sql.lines().forEach(line -> screen.line(Tone.FAINT, "    " + line)));
    }

    private static Tone tone(Severity severity) {
        return switch (severity) {
            case ERROR -> Tone.BAD;
            case WARNING -> Tone.WARNING;
            case NOTICE -> Tone.FAINT;
        };
    }
}
