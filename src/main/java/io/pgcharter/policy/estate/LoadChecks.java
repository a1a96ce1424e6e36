package io.pgcharter.policy.estate;

import io.pgcharter.model.estate.NodeLoad;
import io.pgcharter.model.health.Answer;
import io.pgcharter.model.health.Level;
import io.pgcharter.model.health.Observation;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/// How long statements take, and how busy nodes are, by what the watch has measured.
final class LoadChecks {
    /// What was measured longer ago says nothing of now.
    private static final Duration FRESH = Duration.ofMinutes(10);

    private static final int TEXT_MAX = 80;

    private LoadChecks() {}

    /// The time that 95 of 100 statements stay below.
    static Answer p95(StatementEstate estate) {
        Optional<Answer> unseen = unseen(estate);
        if (unseen.isPresent()) {
            return unseen.get();
        }
        if (estate.p95Seconds().isEmpty()) {
            return new Answer.Seen(List.of(Observation.of("statements", Level.OK, "nothing was executed lately")));
        }
        double seconds = estate.p95Seconds().getAsDouble();
        return new Answer.Seen(List.of(Observation.of(
                "statements",
                seconds,
                String.format(
                        Locale.ROOT,
                        "of 100 calls 95 were of statements that take %.0f ms or less, by their means of the last minutes",
                        seconds * 1000))));
    }

    /// Statements over the charter's limit; the text is cut, `queries` shows all of it.
    static Answer slow(StatementEstate estate) {
        return unseen(estate)
                .orElseGet(() -> new Answer.Seen(estate.slow().stream()
                        .map(statement -> Observation.of(
                                Long.toString(statement.id()),
                                Level.WARN,
                                String.format(
                                        Locale.ROOT,
                                        "%.0f ms on the mean of %d calls today, the charter's limit is %d ms: %s",
                                        statement.meanMilliseconds(),
                                        statement.calls(),
                                        estate.limit().toMillis(),
                                        cut(statement.text()))))
                        .toList()));
    }

    private static Optional<Answer> unseen(StatementEstate estate) {
        if (estate.age().isEmpty()) {
            return Optional.of(new Answer.Moot("it was never watched; pgcharter serve does that"));
        }
        if (estate.age().get().compareTo(FRESH) > 0) {
            return Optional.of(new Answer.Unseen(
                    "it was last measured " + Figures.text(estate.age().get()) + " ago", "pgcharter serve"));
        }
        if (estate.perSecond().isEmpty()) {
            return Optional.of(new Answer.Unseen(
                    "its statements are not counted, or have not been read twice so far",
                    "see the check statement-statistics"));
        }
        return Optional.empty();
    }

    private static String cut(String text) {
        String line = text.replaceAll("\\s+", " ");
        return line.codePointCount(0, line.length()) <= TEXT_MAX
                ? line
                : line.substring(0, line.offsetByCodePoints(0, TEXT_MAX)) + "…";
    }

    static Answer processors(List<NodeLoad> nodes) {
        if (nodes.isEmpty()) {
            return new Answer.Moot("no node has watched within the last five minutes; pgcharter serve does that");
        }
        return new Answer.Seen(nodes.stream()
                .map(load -> Observation.of(
                        load.node(),
                        load.percent(),
                        String.format(Locale.ROOT, "%.0f %% busy over 5 minutes", load.percent())))
                .toList());
    }
}
