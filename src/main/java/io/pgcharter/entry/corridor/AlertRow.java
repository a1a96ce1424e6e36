package io.pgcharter.entry.corridor;

import io.pgcharter.model.alert.Alert;
import io.pgcharter.model.alert.Silence;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/// One alert, as faces show it. All times are the control database's.
///
/// @param state `firing`, `acknowledged`, `pending` or `resolved`
/// @param level `crit`, `warn` or `unknown`
/// @param toldAt when people last heard of it
public record AlertRow(
        String alert,
        String state,
        String level,
        String topic,
        List<String> subjects,
        String message,
        List<String> details,
        Instant since,
        Optional<Instant> toldAt,
        Optional<Instant> resolvedAt,
        Optional<Alert.Acknowledgement> acknowledgement,
        Optional<Silence> silence) {
    static final Comparator<AlertRow> WORST_FIRST = Comparator.comparing((AlertRow row) ->
                    List.of("firing", "acknowledged", "pending").indexOf(row.state()))
            .thenComparing(row -> List.of("crit", "warn", "unknown").indexOf(row.level()))
            .thenComparing(AlertRow::since);

    public AlertRow {
        subjects = List.copyOf(subjects);
        details = List.copyOf(details);
    }

    static AlertRow of(Alert alert, Optional<Silence> silence) {
        return new AlertRow(
                alert.id(),
                alert.state().name().toLowerCase(Locale.ROOT),
                alert.level().name().toLowerCase(Locale.ROOT),
                alert.topic().name(),
                alert.topic().subjects(),
                alert.message(),
                alert.details(),
                alert.course().since(),
                alert.told().map(Alert.Told::at),
                alert.course().resolvedAt(),
                alert.acknowledgement(),
                silence);
    }
}
