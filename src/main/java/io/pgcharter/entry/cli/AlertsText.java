package io.pgcharter.entry.cli;

import io.pgcharter.entry.corridor.AlertRow;
import io.pgcharter.entry.terminal.Figures;
import io.pgcharter.entry.terminal.Screen;
import io.pgcharter.entry.terminal.Table;
import io.pgcharter.entry.terminal.Table.Cell;
import io.pgcharter.entry.terminal.Table.Column;
import io.pgcharter.entry.terminal.Tone;
import io.pgcharter.model.alert.Silence;
import io.pgcharter.model.operation.Report;
import java.time.Instant;
import java.util.List;

/// Alerts, silences and what people do about them, as people read them.
final class AlertsText {
    private final Screen screen;
    private final Instant now;

    AlertsText(Screen screen, Instant now) {
        this.screen = screen;
        this.now = now;
    }

    void ended(Report.Alert alert) {
        done("alerting ended; " + Figures.count(alert.deliveredCount(), "notice") + " sent");
    }

    void acknowledged(Report.AlertAcknowledge alert) {
        done("alert " + alert.alert() + " (" + alert.topic() + " " + String.join(" ", alert.subjects())
                + ") is taken care of by " + alert.person() + ": it is not repeated");
    }

    void silenced(Report.AlertSilence silence) {
        done("nothing is sent about " + silence.subject() + " until " + Figures.time(silence.until())
                + "; end it with: pgcharter alerts unsilence " + silence.silence());
    }

    void unsilenced(Report.AlertUnsilence silence) {
        done("silence " + silence.silence() + (silence.wasSilent() ? " is over" : " was over already, or never was"));
    }

    void tried(Report.AlertTry trial) {
        done("receiver " + trial.receiver() + " (" + trial.kind() + ") took the notice in "
                + Figures.duration(trial.durationMillis()) + "; see that it shows");
    }

    private void done(String sentence) {
        screen.line(screen.dress(Tone.GOOD, "✓") + " " + sentence);
    }

    void list(List<AlertRow> alerts, List<Silence> silences) {
        if (alerts.isEmpty()) {
            screen.line(screen.dress(Tone.GOOD, "✓") + " no alerts");
        } else {
            screen.table(table(alerts));
        }
        for (Silence silence : silences) {
            screen.line("silence " + silence.id() + ": nothing is sent about " + silence.subject() + " until "
                    + Figures.time(silence.until()) + " (" + silence.person() + ": " + silence.because() + ")");
        }
    }

    private Table table(List<AlertRow> alerts) {
        Table table = new Table(
                Column.left("ALERT"),
                Column.left("LEVEL"),
                Column.left("STATE"),
                Column.left("WHAT"),
                Column.left("OF"),
                Column.left("SINCE"),
                Column.left("MESSAGE"));
        for (AlertRow alert : alerts) {
            table.row(
                    Cell.of(alert.alert()),
                    new Cell(alert.level(), tone(alert)),
                    Cell.of(state(alert)),
                    Cell.of(alert.topic()),
                    Cell.of(String.join(" ", alert.subjects())),
                    Cell.of(alert.resolvedAt().map(Figures::time).orElse(Figures.age(alert.since(), now))),
                    Cell.of(alert.message()));
        }
        return table;
    }

    private static String state(AlertRow alert) {
        return alert.state()
                + alert.acknowledgement().map(by -> " by " + by.person()).orElse("")
                + alert.silence().map(_ -> ", silenced").orElse("");
    }

    private static Tone tone(AlertRow alert) {
        return switch (alert.state().equals("resolved") ? "" : alert.level()) {
            case "crit" -> Tone.BAD;
            case "warn", "unknown" -> Tone.WARNING;
            default -> Tone.PLAIN;
        };
    }
}
