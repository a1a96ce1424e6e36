package io.pgcharter.entry.cli;

import io.pgcharter.entry.terminal.Figures;
import io.pgcharter.entry.terminal.Screen;
import io.pgcharter.entry.terminal.Table;
import io.pgcharter.entry.terminal.Table.Cell;
import io.pgcharter.entry.terminal.Table.Column;
import io.pgcharter.entry.terminal.Tone;
import io.pgcharter.model.operation.Report;
import io.pgcharter.model.operation.Report.SessionRow;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/// Sessions as people read them: a table, and who blocks whom as a tree.
final class SessionsText {
    private final Screen screen;
    private final Instant now;

    SessionsText(Screen screen, Instant now) {
        this.screen = screen;
        this.now = now;
    }

    void list(Report.SessionsList report) {
        Table table = new Table(
                Column.right("PID"),
                Column.left("USER"),
                Column.left("DATABASE"),
                Column.left("APPLICATION"),
                Column.left("CLIENT"),
                Column.left("STATE"),
                Column.right("FOR"),
                Column.right("TRANSACTION"),
                Column.left("WAITS FOR"),
                Column.left("STATEMENT"));
        for (SessionRow row : report.sessions()) {
            table.row(
                    Cell.of(Long.toString(row.process())),
                    cell(row.user()),
                    cell(row.database()),
                    cell(row.application()),
                    cell(row.client()),
                    new Cell(row.state().orElse(row.kind()), row.blockedBy().isEmpty() ? Tone.PLAIN : Tone.WARNING),
                    since(row.stateSince()),
                    since(row.transactionSince()),
                    cell(row.waitsFor()),
                    cell(row.statement()));
        }
        if (table.isEmpty()) {
            screen.line("no other sessions on the server of " + report.database());
        } else {
            screen.table(table);
        }
        List<String> tree = blocking(report.sessions());
        if (!tree.isEmpty()) {
            screen.line("");
            screen.line(Tone.STRONG, "Who blocks whom");
            tree.forEach(line -> screen.line("  " + line));
        }
        if (!report.mayReadAll()) {
            screen.line("");
            screen.line("the role sees only its own sessions whole: GRANT pg_read_all_stats TO it");
        }
    }

    void end(Report.SessionsEnd end) {
        String what = end.force() ? "session " + end.process() : "the statement of session " + end.process();
        screen.line(
                end.ended()
                        ? screen.dress(Tone.GOOD, "✓") + " " + what + " of " + end.who() + " is ended"
                        : screen.dress(Tone.WARNING, "!") + " " + what + " of " + end.who()
                                + " was asked to end, and had not after 5 s"
                                + (end.force() ? "" : "; --force ends the session"));
    }

    /// Those who block and are not blocked, and under each whom it blocks, deeper at every level. A session that
    /// waits for several stands under each; whose waiters are shown already is not followed again.
    static List<String> blocking(List<SessionRow> sessions) {
        List<String> lines = new ArrayList<>();
        Set<Long> blockers = new HashSet<>();
        Set<Long> blocked = new HashSet<>();
        for (SessionRow session : sessions) {
            if (!session.blockedBy().isEmpty()) {
                blockers.addAll(session.blockedBy());
                blocked.add(session.process());
            }
        }
        Set<Long> shown = new HashSet<>();
        blockers.stream()
                .filter(process -> !blocked.contains(process))
                .sorted()
                .forEach(process -> branch(process, "", sessions, shown, lines));
        // What is left waits in a circle, until the server's deadlock_timeout is over.
        blockers.stream()
                .filter(process -> !shown.contains(process))
                .sorted()
                .forEach(process -> branch(process, "", sessions, shown, lines));
        return lines;
    }

    private static void branch(
            long process, String indent, List<SessionRow> sessions, Set<Long> shown, List<String> lines) {
        Optional<SessionRow> row = sessions.stream()
                .filter(session -> session.process() == process)
                .findFirst();
        lines.add(indent + (indent.isEmpty() ? "" : "└ ") + name(process, row));
        if (!shown.add(process)) {
            return;
        }
        for (SessionRow session : sessions) {
            if (session.blockedBy().contains(process)) {
                branch(session.process(), indent + "  ", sessions, shown, lines);
            }
        }
    }

    private static String name(long process, Optional<SessionRow> row) {
        if (process == 0) {
            return "a prepared transaction";
        }
        return process
                + row.map(session -> " " + session.user().orElse("?") + " ("
                                + session.application().orElse("?") + ", "
                                + session.state().orElse(session.kind()) + ")")
                        .orElse("");
    }

    private static Cell cell(Optional<String> text) {
        return text.map(Cell::of).orElseGet(Cell::none);
    }

    private Cell since(Optional<Instant> time) {
        return time.map(then -> Cell.of(
                        Figures.duration(Math.max(0, Duration.between(then, now).toMillis()))))
                .orElseGet(Cell::none);
    }
}
