package io.pgcharter.entry.web;

import io.pgcharter.entry.corridor.AlertRow;
import io.pgcharter.entry.corridor.Readings;
import io.pgcharter.entry.web.page.AlertsPage;
import io.pgcharter.model.health.Level;
import io.pgcharter.policy.charter.Charter;
import io.pgcharter.policy.check.Waiver;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/// The page of the alerts. What has not lasted for long enough to count is not shown.
final class AlertsView {
    private static final int RESOLVED_SHOWN = 50;

    private AlertsView() {}

    static AlertsPage of(Charter charter, Readings readings) {
        Instant now = readings.book().now();
        return new AlertsPage(
                counted(readings).map(AlertsView::alert).toList(),
                readings.alertHistory(RESOLVED_SHOWN).stream()
                        .map(AlertsView::alert)
                        .toList(),
                readings.book().silences().stream()
                        .map(silence -> new AlertsPage.Silence(
                                silence.id(), silence.subject(), silence.until(), silence.person(), silence.because()))
                        .toList(),
                charter.serving().watch().standards().waivers().stream()
                        .filter(waiver -> !waiver.isExpired(now))
                        .map(waiver -> waiver(charter, waiver))
                        .toList());
    }

    private static AlertsPage.Waiver waiver(Charter charter, Waiver waiver) {
        return new AlertsPage.Waiver(
                waiver.check(),
                Stream.concat(waiver.subject().stream(), waiver.key().stream()).collect(Collectors.joining(" ")),
                waiver.because(),
                waiver.until(),
                charter.where(waiver.line()));
    }

    /// How many alerts wait for somebody to look: neither acknowledged nor silenced.
    static int waiting(Readings readings) {
        return Math.toIntExact(counted(readings)
                .filter(row -> row.acknowledgement().isEmpty() && row.silence().isEmpty())
                .count());
    }

    private static Stream<AlertRow> counted(Readings readings) {
        List<AlertRow> open = readings.alerts();
        return open.stream().filter(row -> !row.state().equals("pending"));
    }

    private static AlertsPage.Alert alert(AlertRow row) {
        return new AlertsPage.Alert(
                row.alert(),
                Level.valueOf(row.level().toUpperCase(Locale.ROOT)),
                String.join(" ", row.subjects()),
                row.topic(),
                row.message(),
                row.since(),
                row.toldAt(),
                row.acknowledgement().map(by -> new AlertsPage.Acknowledged(by.person(), by.at(), by.because())),
                row.resolvedAt(),
                row.silence().isPresent());
    }
}
