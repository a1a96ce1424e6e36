package io.pgcharter.entry.cli;

import io.pgcharter.entry.terminal.Figures;
import io.pgcharter.entry.terminal.Screen;
import io.pgcharter.entry.terminal.Table;
import io.pgcharter.entry.terminal.Table.Cell;
import io.pgcharter.entry.terminal.Table.Column;
import io.pgcharter.entry.terminal.Tone;
import io.pgcharter.model.operation.Report;
import java.util.List;
import java.util.Locale;

/// What statements cost, as people read it.
final class QueriesText {
    private static final int TEXT_SHOWN = 90;
    private static final int PLANS_SHOWN = 5;

    private final Screen screen;

    QueriesText(Screen screen) {
        this.screen = screen;
    }

    void show(Report.Queries queries) {
        queries.trouble()
                .ifPresentOrElse(
                        trouble -> screen.line(screen.dress(Tone.BAD, "nothing to see") + ": " + trouble),
                        () -> costs(queries));
        slower(queries);
    }

    private void costs(Report.Queries queries) {
        screen.line("most time"
                + queries.since().map(at -> ", since " + Figures.time(at)).orElse(""));
        table(queries.top());
        screen.line("");
        String limit = milliseconds(queries.slowMilliseconds());
        if (queries.slow().isEmpty()) {
            screen.line("no statement takes more than " + limit + " on average");
        } else {
            screen.line("more than " + limit + " on average");
            table(queries.slow());
            queries.slow().stream().limit(PLANS_SHOWN).forEach(row -> plan(row.text(), row.plan()));
        }
        screen.line("");
    }

    private void slower(Report.Queries queries) {
        if (queries.daysKnown() < 2) {
            screen.line(
                    "whether statements become slower is known once pgcharter serve has watched for two days; it has for "
                            + queries.daysKnown());
            return;
        }
        if (queries.slower().isEmpty()) {
            screen.line("no statement has become slower by half");
            return;
        }
        screen.line("slower than the week before");
        Table table = new Table(
                Column.right("MEAN BEFORE"), Column.right("MEAN"), Column.right("CALLS"), Column.left("STATEMENT"));
        for (Report.QuerySlower row : queries.slower()) {
            table.row(
                    Cell.of(milliseconds(row.meanMillisecondsBefore())),
                    Cell.of(milliseconds(row.meanMilliseconds())),
                    Cell.of(Figures.count(row.calls())),
                    Cell.of(shortened(row.text())));
        }
        screen.table(table);
        queries.slower().stream().limit(PLANS_SHOWN).forEach(row -> plan(row.text(), row.plan()));
    }

    private void table(List<Report.QueryRow> rows) {
        Table table = new Table(
                Column.right("SHARE"),
                Column.right("CALLS"),
                Column.right("MEAN"),
                Column.right("MAX"),
                Column.left("STATEMENT"));
        for (Report.QueryRow row : rows) {
            table.row(
                    Cell.of(Math.round(100 * row.share()) + " %"),
                    Cell.of(Figures.count(row.calls())),
                    Cell.of(milliseconds(row.meanMilliseconds())),
                    Cell.of(milliseconds(row.maxMilliseconds())),
                    Cell.of(shortened(row.text())));
        }
        screen.table(table);
    }

    private void plan(String text, Report.QueryPlan plan) {
        screen.line("");
        screen.line(shortened(text));
        plan.text().ifPresent(lines -> lines.lines().forEach(line -> screen.line("    " + line)));
        plan.trouble().ifPresent(trouble -> screen.line("    no plan: " + trouble));
    }

    private static String shortened(String text) {
        return text.length() <= TEXT_SHOWN ? text : text.substring(0, TEXT_SHOWN - 1) + "…";
    }

    private static String milliseconds(double milliseconds) {
        return milliseconds >= 10_000
                ? String.format(Locale.ROOT, "%.1f s", milliseconds / 1_000)
                : String.format(Locale.ROOT, milliseconds >= 100 ? "%.0f ms" : "%.2f ms", milliseconds);
    }
}
