package io.pgcharter.entry.cli;

import io.pgcharter.entry.corridor.ReleaseRow;
import io.pgcharter.entry.terminal.Screen;
import io.pgcharter.entry.terminal.Table;
import io.pgcharter.entry.terminal.Table.Cell;
import io.pgcharter.entry.terminal.Table.Column;
import io.pgcharter.entry.terminal.Tone;
import io.pgcharter.model.operation.ReleaseStanding;
import io.pgcharter.model.operation.ReleaseStanding.StepStanding;
import io.pgcharter.model.operation.SchemaReport;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/// Releases as people read them: step by step, each with when it began, how long it took, and what shows that it is so.
final class ReleaseText {
    /// A backup's whole id, of which its first digits are enough for people.
    private static final Pattern ID = Pattern.compile("\\b([0-9a-f]{8})[0-9a-f]{56}\\b");

    private final Screen screen;

    ReleaseText(Screen screen) {
        this.screen = screen;
    }

    void show(SchemaReport.Release report) {
        if (report.release().isEmpty()) {
            screen.line("nothing was to be released in " + report.database());
            return;
        }
        ReleaseStanding release = report.release().get();
        steps(release);
        String name = "release " + release.release() + " of " + report.database();
        switch (report.outcome()) {
            case RELEASED ->
                screen.line(screen.dress(Tone.GOOD, "✓") + " " + name + " is done: "
                        + String.join(", ", release.migrations()));
            case ABANDONED -> screen.line(name + " is ended as it is; you see to the database from here on");
            case OPEN, ROLLED_BACK, STOPPED ->
                throw new IllegalStateException("told as a problem: " + report.outcome());
        }
    }

    /// One that is open, as `migrate status` says it.
    void open(ReleaseStanding release) {
        screen.line("");
        screen.line(
                Tone.WARNING,
                "release " + release.release() + " (" + release.pin() + ") is open since " + release.begunAt()
                        + (release.isClosed() ? "; its health endpoint says 503" : ""));
        steps(release);
    }

    /// Those that are over.
    void history(List<ReleaseRow> rows) {
        if (rows.isEmpty()) {
            screen.line("no release of it is over; one that is open: pgcharter migrate status");
            return;
        }
        Table table = new Table(
                Column.left("RELEASE"),
                Column.left("STATE"),
                Column.left("BEGUN"),
                Column.left("ENDED"),
                Column.left("MIGRATIONS"),
                Column.left("WHY"));
        for (ReleaseRow row : rows) {
            table.row(
                    Cell.of(row.standing().release()),
                    new Cell(row.state(), row.state().equals("released") ? Tone.GOOD : Tone.BAD),
                    Cell.of(seconds(row.standing().begunAt())),
                    row.endedAt().map(at -> Cell.of(seconds(at))).orElseGet(Cell::none),
                    Cell.of(String.join(", ", row.standing().migrations())),
                    row.reason().map(Cell::of).orElseGet(Cell::none));
        }
        screen.table(table);
    }

    private static String seconds(Instant at) {
        return at.truncatedTo(ChronoUnit.SECONDS).toString();
    }

    private void steps(ReleaseStanding release) {
        Table table = new Table(
                Column.left("STEP"),
                Column.left("STANDING"),
                Column.left("BEGUN"),
                Column.right("TOOK"),
                Column.left("EVIDENCE"));
        for (StepStanding step : release.steps()) {
            table.row(
                    Cell.of(step.step()),
                    new Cell(step.mark(), tone(step)),
                    Cell.of(seconds(step.at())),
                    Cell.of(step.milliseconds().map(ReleaseText::took).orElse("")),
                    Cell.of(evidence(step.evidence())));
        }
        screen.table(table);
    }

    private static Tone tone(StepStanding step) {
        return switch (step.mark()) {
            case "done" -> Tone.GOOD;
            case "begun" -> Tone.WARNING;
            default -> Tone.BAD;
        };
    }

    private static String took(long milliseconds) {
        return String.format(
                Locale.ROOT, "%.1f s", Duration.ofMillis(milliseconds).toMillis() / 1000.0);
    }

    private static String evidence(Map<String, String> evidence) {
        return evidence.entrySet().stream()
                .filter(entry ->
                        !entry.getKey().equals("remedy") && !entry.getKey().equals("problem"))
                .map(entry ->
                        entry.getKey() + " " + ID.matcher(entry.getValue()).replaceAll("$1"))
                .collect(Collectors.joining("; "));
    }
}
