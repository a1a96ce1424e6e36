package io.pgcharter.policy.check;

import io.pgcharter.model.health.Answer;
import io.pgcharter.model.health.Event;
import io.pgcharter.model.health.Finding;
import io.pgcharter.model.health.Level;
import io.pgcharter.model.health.Observation;
import io.pgcharter.model.health.Sample;
import io.pgcharter.model.health.Verdict;
import io.pgcharter.policy.check.Checkbook.Circumstances;
import io.pgcharter.policy.check.Judging.Thresholds;
import io.pgcharter.policy.check.Judging.Worse;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/// Turns what a check saw into a verdict.
final class Judge {
    private static final int TEXT_LENGTH_MAX = 500;

    /// More tables that are read whole than this one would look at one by one.
    private static final int EVENTS_MAX = 200;

    private static final Set<String> LEVELS =
            Arrays.stream(Level.values()).map(Level::name).collect(Collectors.toUnmodifiableSet());

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
                    case Judging.ByCounter judging ->
                        counted(check, judging, rows, false).verdict();
                };
        };
    }

    /// The value as a number, where it is one.
    static OptionalDouble number(Observation row) {
        return row.value()
                .map(text -> OptionalDouble.of(Double.parseDouble(text)))
                .orElse(OptionalDouble.empty());
    }

    /// @param sample to be kept for the next time
    record Counted(Verdict verdict, Sample sample) {}

    /// Holds what counters grew by against the thresholds. What was bad before stands for a while: it has happened,
    /// though the counter grew no further.
    ///
    /// @param excused whether this growth says nothing
    Counted counted(Check check, Judging.ByCounter judging, List<Observation> rows, boolean excused) {
        Sample before = circumstances.samples().get(check.id());
        if (before == null) {
            Verdict first = bare(
                    check,
                    Level.UNKNOWN,
                    "first reading: its counters are judged by what they grow until the next; ask again later");
            return new Counted(first, new Sample(check.id(), readAt, rows));
        }
        Thresholds thresholds = circumstances.standards().thresholds(check, judging.thresholds());
        Growth growth = new Growth(judging, before, readAt);
        List<Judged> fresh = rows.stream()
                .map(growth::since)
                .flatMap(Optional::stream)
                .map(row -> held(row, thresholds, judging.direction()))
                .toList();
        // Too little to judge a share by: it goes on growing from where it was last judged.
        boolean isTooLittle = judging.measure() == Judging.Measure.SHARE && fresh.isEmpty() && growth.knows(rows);
        List<Judged> told = excused ? List.of() : fresh;
        List<Event> stand = standing(before.events(), told);
        List<Event> events = Stream.concat(told.stream().flatMap(this::event), stand.stream())
                .toList();
        Verdict verdict = excused && stand.isEmpty()
                ? bare(check, Level.NOT_APPLICABLE, "pgcharter itself has written into it since the last reading")
                : found(
                        check,
                        Stream.concat(told.stream(), stand.stream().map(Judge::remembered))
                                .toList());
        Instant from = isTooLittle ? before.at() : readAt;
        return new Counted(verdict, new Sample(check.id(), from, isTooLittle ? before.rows() : rows, events));
    }

    /// What was bad before and still stands. What is as bad again takes its place.
    private List<Event> standing(List<Event> events, List<Judged> fresh) {
        Map<String, Level> now = new HashMap<>();
        fresh.forEach(row -> now.merge(row.key(), row.level(), (one, other) -> one.isWorseThan(other) ? one : other));
        return events.stream()
                // Another server's clock may be behind after a failover; nothing stands longer for that.
                .map(event -> event.at().isAfter(readAt)
                        ? new Event(event.key(), event.level(), event.value(), event.text(), readAt)
                        : event)
                .filter(event ->
                        event.at().plus(circumstances.standards().stands()).isAfter(readAt))
                .filter(event -> event.level().isWorseThan(now.getOrDefault(event.key(), Level.OK)))
                .limit(EVENTS_MAX)
                .toList();
    }

    private Stream<Event> event(Judged row) {
        boolean isBad = row.level() == Level.WARN || row.level() == Level.CRIT;
        return isBad
                ? Stream.of(new Event(row.key(), row.level(), row.value().orElse(0), row.text(), readAt))
                : Stream.empty();
    }

    private static Judged remembered(Event event) {
        Instant at = event.at().truncatedTo(ChronoUnit.SECONDS);
        return new Judged(event.key(), event.level(), event.text() + " before " + at, OptionalDouble.of(event.value()));
    }

    /// One row, judged.
    private record Judged(String key, Level level, String text, OptionalDouble value) {}

    private static Judged levelled(Observation row) {
        Level level = row.value()
                .map(word -> Level.valueOf(word.toUpperCase(Locale.ROOT)))
                .orElse(Level.UNKNOWN);
        return new Judged(row.key(), level, row.text(), OptionalDouble.empty());
    }

    /// A row may say its own level in the place of a value: what was never done has no age.
    private static Judged held(Observation row, Thresholds thresholds, Worse worse) {
        if (row.value().filter(LEVELS::contains).isPresent()) {
            return levelled(row);
        }
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
