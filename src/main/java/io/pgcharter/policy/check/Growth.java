package io.pgcharter.policy.check;

import io.pgcharter.model.health.Observation;
import io.pgcharter.model.health.Sample;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/// What counters have grown by since they were last read.
final class Growth {
    private static final double MINUTE_MILLIS = 60_000;
    private static final double PERCENT = 100;

    private final Judging.ByCounter judging;
    private final Map<String, Observation> before = new HashMap<>();
    private final Duration elapsed;

    Growth(Judging.ByCounter judging, Sample before, Instant now) {
        this.judging = judging;
        before.rows().forEach(row -> this.before.put(row.key(), row));
        Duration between = Duration.between(before.at(), now);
        // Two servers' clocks may differ after a failover; then nothing is known of the time between.
        this.elapsed = between.toMillis() > 0 ? between : Duration.ofMinutes(1);
    }

    /// The row with its growth in place of its count, and a text that says so. Empty for what is not judged: a counter
    /// that was not there before, or a share of too little.
    Optional<Observation> since(Observation row) {
        Observation earlier = before.get(row.key());
        if (earlier == null || row.value().isEmpty()) {
            return row.value().isEmpty() ? Optional.of(row) : Optional.empty();
        }
        double grown = grown(row, row.value(), earlier.value(), earlier);
        String over = " in the last " + span();
        return switch (judging.measure()) {
            case INCREASE -> Optional.of(with(row, grown, row.text() + ": " + count(grown) + over));
            case RATE ->
                Optional.of(
                        with(row, grown * MINUTE_MILLIS / elapsed.toMillis(), row.text() + ": " + count(grown) + over));
            case SHARE -> {
                double whole = grown(row, row.of(), earlier.of(), earlier);
                if (whole <= 0 || whole < judging.volumeMin()) {
                    yield Optional.empty();
                }
                double share = PERCENT * grown / whole;
                yield Optional.of(with(
                        row,
                        share,
                        row.text() + ": " + String.format(Locale.ROOT, "%.1f %%", share) + " (" + count(grown) + " of "
                                + count(whole) + ")" + over));
            }
        };
    }

    /// Whether each of these was there before.
    boolean knows(List<Observation> rows) {
        return rows.stream().map(Observation::key).allMatch(before::containsKey);
    }

    private static double grown(Observation row, Optional<String> now, Optional<String> then, Observation earlier) {
        double current = number(now);
        double previous = number(then);
        boolean beganAnew = !row.epoch().equals(earlier.epoch()) || current < previous;
        return beganAnew ? current : current - previous;
    }

    private static double number(Optional<String> text) {
        return text.map(Double::parseDouble).orElse(0.0);
    }

    private static Observation with(Observation row, double value, String text) {
        return Observation.of(row.key(), value, text);
    }

    private static String count(double count) {
        return String.format(Locale.ROOT, "%,d", (long) count);
    }

    private String span() {
        long seconds = elapsed.toSeconds();
        if (seconds < 120) {
            return Math.max(1, seconds) + " s";
        }
        return seconds < 7200 ? seconds / 60 + " min" : seconds / 3600 + " h";
    }
}
