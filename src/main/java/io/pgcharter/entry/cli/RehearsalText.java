package io.pgcharter.entry.cli;

import io.pgcharter.entry.terminal.Figures;
import io.pgcharter.entry.terminal.Screen;
import io.pgcharter.entry.terminal.Table;
import io.pgcharter.entry.terminal.Table.Cell;
import io.pgcharter.entry.terminal.Table.Column;
import io.pgcharter.entry.terminal.Tone;
import io.pgcharter.model.operation.RehearsalReport;
import io.pgcharter.model.operation.RehearsalReport.Failure;
import io.pgcharter.model.operation.RehearsalReport.Limit;
import io.pgcharter.model.operation.RehearsalReport.Lock;
import io.pgcharter.model.operation.RehearsalReport.Measure;
import io.pgcharter.model.operation.RehearsalReport.Performed;
import io.pgcharter.model.operation.RehearsalReport.Standing;
import io.pgcharter.model.operation.RehearsalReport.Verdict;
import io.pgcharter.model.operation.RehearsalReport.WayBack;
import io.pgcharter.model.operation.SchemaReport;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalLong;

/// A rehearsal for people: a table of what each statement did, then what stands in the way.
final class RehearsalText {
    private static final int STATEMENT_SHOWN = 44;

    /// PostgreSQL's modes, weakest first.
    private static final List<String> MODES = List.of(
            "access share",
            "row share",
            "row exclusive",
            "share update exclusive",
            "share",
            "share row exclusive",
            "exclusive",
            "access exclusive");

    private final Screen screen;
    private final ChangesText changes;

    RehearsalText(Screen screen) {
        this.screen = screen;
        this.changes = new ChangesText(screen);
    }

    void show(SchemaReport.Rehearse rehearse) {
        if (rehearse.rehearsed().isEmpty()) {
            screen.line(
                    "nothing to rehearse: " + rehearse.database() + " lacks no migration of " + rehearse.migrations());
            return;
        }
        RehearsalReport report = rehearse.rehearsed().get();
        basis(rehearse, report);
        report.migrations().forEach(this::migration);
        whole(report);
        report.failure().ifPresent(this::failure);
        report.wayBack().ifPresent(this::wayBack);
        limits(report.limits());
        report.notes().forEach(note -> screen.line("  " + screen.dress(Tone.WARNING, "note") + "    " + note));
        screen.line("");
        screen.line(
                report.passed() ? Tone.GOOD : Tone.BAD,
                (report.passed() ? "✓ rehearsed: " : "✗ not passed: ")
                        + report.migrations().size()
                        + (report.migrations().size() == 1 ? " migration" : " migrations") + ", in "
                        + Figures.duration(report.milliseconds()));
    }

    private void basis(SchemaReport.Rehearse rehearse, RehearsalReport report) {
        RehearsalReport.Basis basis = report.basis();
        screen.line(
                Tone.STRONG,
                rehearse.database() + ": migrations " + rehearse.migrations() + ", on a copy of backup "
                        + basis.backup().abbreviated() + " in " + basis.repository());
        screen.line("  taken " + Figures.time(basis.takenAt()) + ", proven " + Figures.time(basis.provenAt())
                + ", restored in " + Figures.duration(basis.restoreMillis()) + " on PostgreSQL " + basis.version());
        if (!report.caughtUp().isEmpty()) {
            screen.line("  the database has what the backup lacks, carried out first: "
                    + String.join(", ", report.caughtUp()));
        }
    }

    private void migration(Performed migration) {
        screen.line("");
        screen.line(
                Tone.STRONG,
                migration.name() + (migration.transaction() ? ", in one transaction" : ", statement by statement"));
        Table table = new Table(
                Column.right("LINE"),
                Column.left("STATEMENT"),
                Column.right("TIME"),
                Column.right("SCALED"),
                Column.left("STRONGEST LOCK"),
                Column.right("HELD"),
                Column.right("READ"),
                Column.right("WRITTEN"),
                Column.right("WAL"),
                Column.right("TEMP"));
        migration.statements().stream().filter(RehearsalText::isShown).forEach(measure -> row(table, measure));
        if (table.isEmpty()) {
            screen.line("  no statement was carried out");
        } else {
            screen.table(table);
        }
    }

    /// The end of a transaction that took nothing is not told of.
    private static boolean isShown(Measure measure) {
        return measure.standing() != Standing.COMMIT || measure.line() > 0 || measure.scaledMillis() >= 10;
    }

    private static void row(Table table, Measure measure) {
        Optional<Lock> strongest = measure.locks().stream()
                .max(Comparator.comparing((Lock lock) -> MODES.indexOf(lock.mode()))
                        .thenComparing(Lock::scaledHeldMillis));
        table.row(
                Cell.of(measure.line() == 0 ? "" : Integer.toString(measure.line())),
                Cell.of(shortened(measure.text())),
                Cell.of(time(measure.millis())),
                new Cell(time(measure.scaledMillis()), measure.factor() > 1 ? Tone.STRONG : Tone.PLAIN),
                strongest.map(RehearsalText::lockCell).orElse(Cell.of("")),
                strongest.map(RehearsalText::heldCell).orElse(Cell.of("")),
                Cell.of(count(measure.rowsRead())),
                Cell.of(count(measure.rowsWritten())),
                Cell.of(Figures.size(measure.walBytes())),
                Cell.of(measure.tempBytes() == 0 ? "" : Figures.size(measure.tempBytes())));
        measure.locks().stream()
                .filter(lock -> strongest.filter(lock::equals).isEmpty() && isFelt(lock))
                .forEach(lock -> below(table, Cell.of(""), lockCell(lock), heldCell(lock)));
        if (!measure.rewritten().isEmpty()) {
            below(
                    table,
                    new Cell("  rewrites " + String.join(", ", measure.rewritten()), Tone.WARNING),
                    Cell.of(""),
                    Cell.of(""));
        }
    }

    /// A line that belongs to the one above.
    private static void below(Table table, Cell statement, Cell lock, Cell held) {
        Cell blank = Cell.of("");
        table.row(blank, statement, blank, blank, lock, held, blank, blank, blank, blank);
    }

    private static Cell lockCell(Lock lock) {
        return new Cell(lock.mode() + " " + lock.relation(), tone(lock));
    }

    private static Cell heldCell(Lock lock) {
        return new Cell((lock.sampled() ? "~" : "") + time(lock.scaledHeldMillis()), tone(lock));
    }

    /// Whether who reads or writes rows waits for it.
    private static boolean isFelt(Lock lock) {
        return MODES.indexOf(lock.mode()) >= MODES.indexOf("share");
    }

    private static Tone tone(Lock lock) {
        return lock.mode().equals("access exclusive") ? Tone.BAD : isFelt(lock) ? Tone.WARNING : Tone.FAINT;
    }

    private static String count(OptionalLong rows) {
        return rows.isEmpty() ? "?" : rows.getAsLong() == 0 ? "" : Figures.count(rows.getAsLong());
    }

    private static String shortened(String text) {
        return text.length() <= STATEMENT_SHOWN ? text : text.substring(0, STATEMENT_SHOWN - 1) + "…";
    }

    private static String time(double millis) {
        return millis < 10 ? String.format(Locale.ROOT, "%.1f ms", millis) : Figures.duration(Math.round(millis));
    }

    private void whole(RehearsalReport report) {
        RehearsalReport.Whole whole = report.whole();
        screen.line("");
        screen.line("  in all " + time(whole.millis()) + " here, " + time(whole.scaledMillis())
                + " at the database's size (its hardware is not counted), "
                + Figures.size(whole.walBytes()) + " of WAL");
        screen.line("  who reads or writes rows waits for " + time(whole.heldMillis()) + " at most"
                + (whole.calls().isPresent()
                        ? "; " + calls(whole.calls().getAsDouble()) + " calls would wait, " + whole.callsBasis()
                        : "; how many calls wait is not known: " + whole.callsBasis()));
    }

    private static String calls(double calls) {
        return calls > 0 && calls < 0.1 ? "less than 0.1" : String.format(Locale.ROOT, "%,.1f", calls);
    }

    private void failure(Failure failure) {
        screen.line("");
        screen.line(Tone.BAD, "✗ " + failure.migration() + " failed at " + failure.at());
        screen.line("  " + failure.statement());
        screen.line("  " + failure.reason());
        failure.findings().forEach(finding -> {
            screen.line("  " + screen.dress(Tone.BAD, Figures.count(finding.rows(), "row")) + " of " + finding.table()
                    + ": " + finding.trouble()
                    + (finding.line() == 0 ? " (at its end)" : " (line " + finding.line() + ")"));
            screen.line("    "
                    + (finding.keys().isEmpty()
                            ? "no key of theirs can be told"
                            : String.join("; ", finding.keys())
                                    + (finding.rows() > finding.keys().size() ? "; …" : "")));
        });
        failure.unknown().forEach(what -> screen.line("  not looked for: " + what));
    }

    private void wayBack(WayBack back) {
        screen.line("");
        if (back.bringsEverythingBack()) {
            screen.line(screen.dress(Tone.GOOD, "✓") + " the way back: everything is brought back, "
                    + Figures.count(back.same(), "table") + " hold the rows they held; applied again, the schema is"
                    + " the same");
            return;
        }
        if (!back.missing().isEmpty()) {
            screen.line(screen.dress(Tone.WARNING, "no way back:") + " no down file for "
                    + String.join(", ", back.missing()));
            return;
        }
        screen.line(Tone.BAD, "✗ the way back does not lead back");
        back.trouble().ifPresent(trouble -> screen.line("  " + trouble));
        changes.list(back.changes());
        back.lost()
                .forEach(table -> screen.line("  the rows of " + table.table() + " are not what they were: "
                        + rows(table.before()) + " before, " + rows(table.after()) + " after"));
        back.again().filter(again -> !again.isEmpty()).ifPresent(again -> {
            screen.line("  applied again, the schema is another one than the first time:");
            changes.list(again);
        });
    }

    private static String rows(OptionalLong rows) {
        return rows.isEmpty() ? "no such table" : Figures.count(rows.getAsLong(), "row");
    }

    private void limits(List<Limit> limits) {
        if (limits.isEmpty()) {
            return;
        }
        screen.line("");
        Table table = new Table(
                Column.left("LIMIT"), Column.left("ALLOWED"), Column.left("MEASURED"), Column.left("VERDICT"));
        limits.forEach(limit -> table.row(
                Cell.of(limit.name()),
                Cell.of(limit.allowed()),
                Cell.of(limit.measured()),
                new Cell(
                        limit.verdict().name().toLowerCase(Locale.ROOT),
                        limit.verdict() == Verdict.KEPT ? Tone.GOOD : Tone.BAD)));
        screen.table(table);
    }
}
