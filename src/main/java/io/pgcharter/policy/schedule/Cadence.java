package io.pgcharter.policy.schedule;

import java.time.DayOfWeek;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.YearMonth;
import java.time.ZoneId;
import java.time.format.TextStyle;
import java.time.temporal.TemporalAdjusters;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/// How often something is due.
///
/// A local time that a change of the clocks leaves out means the first instant after the gap; one that comes twice
/// means the first of the two. So a daily job runs once on each day, also on those two.
public sealed interface Cadence {
    /// The first instant after `after`, not at it; empty if there is none, which only a [Cron] can mean.
    Optional<Instant> next(Instant after, ZoneId zone);

    /// As the charter says it: `daily 02:00, 14:00`. Equal texts mean equal cadences.
    String text();

    /// Every day at these times, at least one.
    record Daily(List<LocalTime> times) implements Cadence {
        public Daily {
            times = inOrder(times);
        }

        @Override
        public Optional<Instant> next(Instant after, ZoneId zone) {
            return LocalInstants.next(after, zone, local -> nextLocal(local, zone));
        }

        /// A day that the zone left out has no job; one day after another was never left out.
        private Optional<LocalDateTime> nextLocal(LocalDateTime after, ZoneId zone) {
            return IntStream.rangeClosed(0, 2)
                    .mapToObj(days -> after.toLocalDate().plusDays(days))
                    .filter(date -> !LocalInstants.isLeftOut(date, zone))
                    .flatMap(date -> times.stream().map(date::atTime))
                    .filter(local -> local.isAfter(after))
                    .findFirst();
        }

        @Override
        public String text() {
            return "daily " + joined(times, LocalTime::toString);
        }
    }

    /// A time of a day of the week.
    record Weekday(DayOfWeek day, LocalTime time) {
        String text() {
            return day.getDisplayName(TextStyle.SHORT, Locale.ENGLISH) + " " + time;
        }
    }

    /// Every week at these times, at least one.
    record Weekly(List<Weekday> times) implements Cadence {
        public Weekly {
            if (times.isEmpty()) {
                throw new IllegalArgumentException("a cadence needs a time");
            }
            times = List.copyOf(times);
        }

        @Override
        public Optional<Instant> next(Instant after, ZoneId zone) {
            return LocalInstants.next(after, zone, this::nextLocal);
        }

        private Optional<LocalDateTime> nextLocal(LocalDateTime after) {
            return times.stream()
                    .flatMap(time -> {
                        LocalDate first = after.toLocalDate().with(TemporalAdjusters.nextOrSame(time.day()));
                        return List.of(first, first.plusWeeks(1)).stream().map(date -> date.atTime(time.time()));
                    })
                    .filter(local -> local.isAfter(after))
                    .min(LocalDateTime::compareTo);
        }

        @Override
        public String text() {
            return "weekly " + joined(times, Weekday::text);
        }
    }

    /// A time of a day of the month.
    ///
    /// @param day 1 to 31; in a shorter month its last day
    record Monthday(int day, LocalTime time) {
        /// The last day of every month.
        public static final int LAST = 31;

        public Monthday {
            if (day < 1 || day > LAST) {
                throw new IllegalArgumentException("not a day of a month: " + day);
            }
        }

        private LocalDateTime in(YearMonth month) {
            return month.atDay(Math.min(day, month.lengthOfMonth())).atTime(time);
        }

        String text() {
            return (day == LAST ? "last" : day) + " " + time;
        }
    }

    /// Every month at these times, at least one.
    record Monthly(List<Monthday> times) implements Cadence {
        public Monthly {
            if (times.isEmpty()) {
                throw new IllegalArgumentException("a cadence needs a time");
            }
            times = List.copyOf(times);
        }

        @Override
        public Optional<Instant> next(Instant after, ZoneId zone) {
            return LocalInstants.next(after, zone, this::nextLocal);
        }

        private Optional<LocalDateTime> nextLocal(LocalDateTime after) {
            YearMonth month = YearMonth.from(after);
            return times.stream()
                    .flatMap(time -> List.of(time.in(month), time.in(month.plusMonths(1))).stream())
                    .filter(local -> local.isAfter(after))
                    .min(LocalDateTime::compareTo);
        }

        @Override
        public String text() {
            return "monthly " + joined(times, Monthday::text);
        }
    }

    /// By a cron expression. Where it names its hours, local times mean what they mean elsewhere here; where its hour
    /// begins with `*`, it goes by elapsed time, so that what runs every five minutes does not pause for an hour in
    /// autumn.
    record Cron(CronExpression expression) implements Cadence {
        @Override
        public Optional<Instant> next(Instant after, ZoneId zone) {
            return expression.everyHour()
                    ? LocalInstants.nextByElapsedTime(after, zone, expression::next)
                    : LocalInstants.next(after, zone, expression::next);
        }

        @Override
        public String text() {
            return "cron " + expression.text();
        }
    }

    /// Every so often, counted from 1970-01-01 00:00 UTC, so that all nodes count alike.
    ///
    /// @param pause whole minutes, at least one
    record Every(Duration pause) implements Cadence {
        public Every {
            if (pause.compareTo(Duration.ofMinutes(1)) < 0 || pause.toSecondsPart() != 0) {
                throw new IllegalArgumentException("not whole minutes: " + pause);
            }
        }

        @Override
        public Optional<Instant> next(Instant after, ZoneId zone) {
            long seconds = pause.toSeconds();
            return Optional.of(Instant.ofEpochSecond((Math.floorDiv(after.getEpochSecond(), seconds) + 1) * seconds));
        }

        @Override
        public String text() {
            return "every " + Durations.text(pause);
        }
    }

    private static List<LocalTime> inOrder(List<LocalTime> times) {
        if (times.isEmpty()) {
            throw new IllegalArgumentException("a cadence needs a time");
        }
        return times.stream().sorted().distinct().toList();
    }

    private static <T> String joined(List<T> times, Function<T, String> text) {
        return times.stream().map(text).collect(Collectors.joining(", "));
    }
}
