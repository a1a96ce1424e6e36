package io.pgcharter.policy.check;

import io.pgcharter.model.health.Answer;
import io.pgcharter.model.health.Finding;
import io.pgcharter.model.health.Level;
import io.pgcharter.model.health.Observation;
import io.pgcharter.model.health.Sample;
import io.pgcharter.model.health.Verdict;
import io.pgcharter.policy.check.Checkbook.Circumstances;
import io.pgcharter.policy.check.Judging.Thresholds;
import io.pgcharter.policy.check.Judging.Worse;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.stream.Stream;

/// Turns what a check saw into a verdict.
final class Judge {
    private static final int TEXT_LENGTH_MAX = 500;

    private final Circumstances circumstances;
    private final Instant readAt;

    /// @param readAt when it was seen, by the clock of what was watched
    Judge(Circumstances circumstances, Instant readAt) {
        this.circumstances = circumstances;
        this.readAt = readAt;
    }

    Verdict verdict(Check check, Answer answer) {
        return switch (answer) {
            case Answer.Moot(String reason) -> bare(check, Level.NOT_APPLICABLE, reason);
            case Answer.Unseen(String reason, String remedy) -> unseen(check, reason + "; " + remedy);
            case Answer.Seen(List<Observation> rows) ->
                switch (check.judging()) {
                    case Judging.ByRow _ ->
                        found(check, rows.stream().map(Judge::levelled).toList());
                    case Judging.ByValue judging -> {
                        Thresholds thresholds = circumstances.standards().thresholds(check, judging.thresholds());
                        yield found(
                                check,
                                rows.stream()
                                        .map(row -> held(row, thresholds, judging.direction()))
                                        .toList());
                    }
                    case Judging.ByCounter judging -> counted(check, judging, rows);
                };
        };
    }

    /// The value as a number, where it is one.
    static OptionalDouble number(Observation row) {
        return row.value()
                .map(text -> OptionalDouble.of(Double.parseDouble(text)))
                .orElse(OptionalDouble.empty());
    }

    private Verdict counted(Check check, Judging.ByCounter judging, List<Observation> rows) {
        Sample before = circumstances.samples().get(check.id());
        if (before == null) {
            return bare(
                    check,
                    Level.UNKNOWN,
                    "first reading: its counters are judged by what they grow until the next; ask again later");
        }
        Thresholds thresholds = circumstances.standards().thresholds(check, judging.thresholds());
        Growth growth = new Growth(judging, before, readAt);
        return found(
                check,
                rows.stream()
                        .map(growth::since)
                        .flatMap(Optional::stream)
                        .map(row -> held(row, thresholds, judging.direction()))
                        .toList());
    }

    /// One row, judged.
    private record Judged(String key, Level level, String text, OptionalDouble value) {}

    private static Judged levelled(Observation row) {
        Level level = row.value()
                .map(word -> Level.valueOf(word.toUpperCase(Locale.ROOT)))
                .orElse(Level.UNKNOWN);
        return new Judged(row.key(), level, row.text(), OptionalDouble.empty());
    }

    private static Judged held(Observation row, Thresholds thresholds, Worse worse) {
        OptionalDouble value = number(row);
        if (value.isEmpty()) {
            return new Judged(row.key(), Level.UNKNOWN, row.text(), value);
        }
        Level level = Level.OK;
        if (isReached(value.getAsDouble(), thresholds.crit(), worse)) {
            level = Level.CRIT;
        } else if (isReached(value.getAsDouble(), thresholds.warn(), worse)) {
            level = Level.WARN;
        }
        return new Judged(row.key(), level, row.text(), value);
    }

    private static boolean isReached(double value, OptionalDouble threshold, Worse worse) {
        return threshold.isPresent()
                && switch (worse) {
                    case HIGHER -> value >= threshold.getAsDouble();
                    case LOWER -> value <= threshold.getAsDouble();
                };
    }

    private Verdict found(Check check, List<Judged> rows) {
        List<Judged> worstFirst = new ArrayList<>(rows);
        Comparator<Judged> byValue =
                Comparator.comparingDouble(row -> row.value().orElse(0));
        worstFirst.sort(Comparator.comparing(Judged::level)
                .thenComparing(check.judging().worse() == Worse.HIGHER ? byValue : byValue.reversed())
                .reversed());
        List<Finding> all = worstFirst.stream()
                .filter(row -> row.level() != Level.OK && row.level() != Level.NOT_APPLICABLE)
                .map(row -> finding(check, row))
                .toList();
        List<Finding> counting =
                all.stream().filter(finding -> finding.waived().isEmpty()).toList();
        // What counts comes first, so that no number of waived findings hides it.
        List<Finding> shown = Stream.concat(
                        counting.stream(),
                        all.stream().filter(finding -> finding.waived().isPresent()))
                .limit(Verdict.FINDINGS_MAX)
                .toList();
        OptionalDouble value = worstFirst.isEmpty()
                ? OptionalDouble.empty()
                : worstFirst.getFirst().value();
        if (counting.isEmpty()) {
            return new Verdict(
                    check.id(), circumstances.subject(), Level.OK, good(check, worstFirst, all), shown, value);
        }
        Finding worst = counting.getFirst();
        String more = counting.size() == 1 ? "" : "; and " + (counting.size() - 1) + " more";
        String message = worst.key() + ": " + worst.text() + more;
        return new Verdict(check.id(), circumstances.subject(), worst.level(), message, shown, value);
    }

    /// What was seen where nothing is wrong.
    private static String good(Check check, List<Judged> rows, List<Finding> waived) {
        if (!waived.isEmpty()) {
            return check.ok() + ", but for what is waived: " + waived.size();
        }
        return rows.size() == 1 ? oneLine(rows.getFirst().text()) : check.ok();
    }

    /// It has no key, so only a waiver of the whole check covers it.
    private Verdict unseen(Check check, String message) {
        Finding finding = finding(check, new Judged("", Level.UNKNOWN, message, OptionalDouble.empty()));
        return finding.waived().isEmpty()
                ? bare(check, Level.UNKNOWN, message)
                : new Verdict(
                        check.id(),
                        circumstances.subject(),
                        Level.OK,
                        "what cannot be seen is waived",
                        List.of(finding),
                        OptionalDouble.empty());
    }

    private Finding finding(Check check, Judged row) {
        String key = oneLine(row.key());
        Optional<String> waived = circumstances.standards().waivers().stream()
                .filter(waiver -> waiver.covers(check.id(), circumstances.subject(), key, circumstances.now()))
                .map(Waiver::reason)
                .findFirst();
        return new Finding(key, row.level(), oneLine(row.text()), waived);
    }

    private Verdict bare(Check check, Level level, String message) {
        return new Verdict(
                check.id(), circumstances.subject(), level, oneLine(message), List.of(), OptionalDouble.empty());
    }

    /// Names in a database may hold anything; a line on a terminal may not.
    private static String oneLine(String text) {
        StringBuilder line = new StringBuilder();
        text.codePoints().limit(TEXT_LENGTH_MAX).forEach(letter -> {
            int type = Character.getType(letter);
            boolean harmless = type != Character.CONTROL
                    && type != Character.FORMAT
                    && type != Character.LINE_SEPARATOR
                    && type != Character.PARAGRAPH_SEPARATOR
                    && type != Character.SURROGATE;
            if (harmless) {
                line.appendCodePoint(letter);
            } else {
                line.append("\\u").append("%04x".formatted(letter));
            }
        });
        return line.toString();
    }
}
