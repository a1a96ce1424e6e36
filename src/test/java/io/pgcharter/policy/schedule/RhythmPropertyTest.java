package io.pgcharter.policy.schedule;

import static org.assertj.core.api.Assertions.assertThat;

import io.pgcharter.policy.schedule.Cadence.Cron;
import io.pgcharter.policy.schedule.Cadence.Daily;
import io.pgcharter.policy.schedule.Cadence.Every;
import io.pgcharter.policy.schedule.Cadence.Monthday;
import io.pgcharter.policy.schedule.Cadence.Monthly;
import io.pgcharter.policy.schedule.Cadence.Weekday;
import io.pgcharter.policy.schedule.Cadence.Weekly;
import java.time.DayOfWeek;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalTime;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

/// Over all time zones, about every change of the clocks there was since 2012 and will be. (In December 2011 two zones
/// left out a whole day; a job that was due on it ran twice on the next.)
class RhythmPropertyTest {
    @Provide
    Arbitrary<ZoneId> zones() {
        return Arbitraries.of(ZoneId.getAvailableZoneIds().stream().sorted().toList())
                .map(ZoneId::of);
    }

    @Provide
    Arbitrary<Instant> instants() {
        return Arbitraries.longs()
                .between(
                        Instant.parse("2012-01-01T00:00:00Z").getEpochSecond(),
                        Instant.parse("2035-01-01T00:00:00Z").getEpochSecond())
                .map(Instant::ofEpochSecond);
    }

    /// Just before, at, and just after a change of the clocks of the zone; anywhere, if it has none.
    private static List<Instant> nearChange(ZoneId zone, Instant from) {
        var change = zone.getRules().nextTransition(from);
        Instant centre = change == null ? from : change.getInstant();
        return List.of(
                centre.minusSeconds(3601),
                centre.minusSeconds(1),
                centre,
                centre.plusSeconds(1800),
                centre.plusSeconds(7200));
    }

    @Provide
    Arbitrary<LocalTime> times() {
        return Arbitraries.integers().between(0, 24 * 60 - 1).map(minute -> LocalTime.of(minute / 60, minute % 60));
    }

    @Provide
    Arbitrary<Cadence> cadences() {
        Arbitrary<LocalTime> time = times();
        Arbitrary<Cadence> daily = time.list().ofMinSize(1).ofMaxSize(4).map(Daily::new);
        Arbitrary<Cadence> weekly = Combinators.combine(Arbitraries.of(DayOfWeek.class), time)
                .as(Weekday::new)
                .list()
                .ofMinSize(1)
                .ofMaxSize(4)
                .map(Weekly::new);
        Arbitrary<Cadence> monthly = Combinators.combine(Arbitraries.integers().between(1, 31), time)
                .as(Monthday::new)
                .list()
                .ofMinSize(1)
                .ofMaxSize(4)
                .map(Monthly::new);
        Arbitrary<Cadence> cron = Arbitraries.of(
                        "*/7 * * * *", "30 2 * * *", "0,30 1-3 * * *", "15 */6 * * *", "5 4 1 * 0")
                .map(text -> new Cron(CronExpression.parse(text)));
        Arbitrary<Cadence> every =
                Arbitraries.integers().between(1, 2880).map(minutes -> new Every(Duration.ofMinutes(minutes)));
        return Arbitraries.oneOf(daily, weekly, monthly, cron, every);
    }

    @Property(tries = 400)
    void the_next_instant_is_later_and_nothing_lies_between(
            @ForAll("cadences") Cadence cadence, @ForAll("zones") ZoneId zone, @ForAll("instants") Instant from) {
        for (Instant after : nearChange(zone, from)) {
            Instant next = cadence.next(after, zone).orElseThrow();
            assertThat(next).isAfter(after);
            // whoever asks at any time before it gets the same answer
            Duration pause = Duration.between(after, next);
            for (int part = 1; part < 8; part++) {
                Instant between = after.plus(pause.multipliedBy(part).dividedBy(8));
                assertThat(cadence.next(between, zone))
                        .as("asked at %s", between)
                        .contains(next);
            }
            assertThat(cadence.next(next.minusNanos(1), zone)).contains(next);
        }
    }

    @Property(tries = 200)
    void a_daily_job_runs_exactly_once_on_every_day_that_there_is(
            @ForAll("times") LocalTime time, @ForAll("zones") ZoneId zone, @ForAll("instants") Instant from) {
        Daily daily = new Daily(List.of(time));
        Instant start = nearChange(zone, from).getFirst().minus(Duration.ofDays(3));
        List<LocalDate> dates = new ArrayList<>();
        Instant at = start;
        for (int run = 0; run < 6; run++) {
            at = daily.next(at, zone).orElseThrow();
            dates.add(LocalDate.ofInstant(at, zone));
        }

        assertThat(dates).doesNotHaveDuplicates();
        List<LocalDate> days = dates.getFirst()
                .datesUntil(dates.getLast().plusDays(1))
                .filter(day -> day.equals(
                        LocalDate.ofInstant(day.atTime(12, 0).atZone(zone).toInstant(), zone)))
                .toList();
        assertThat(dates).isEqualTo(days);
    }

    @Property(tries = 200)
    void a_time_that_the_clocks_leave_out_is_made_up_for_at_once(
            @ForAll("times") LocalTime time, @ForAll("zones") ZoneId zone, @ForAll("instants") Instant from) {
        Instant after = nearChange(zone, from).getFirst();
        Instant next = new Daily(List.of(time)).next(after, zone).orElseThrow();

        LocalTime shown = LocalTime.ofInstant(next, zone);
        boolean afterGap = !shown.equals(time);
        if (afterGap) {
            assertThat(zone.getRules()
                            .getTransition(next.atZone(zone).toLocalDate().atTime(time)))
                    .satisfies(change -> assertThat(change.isGap()).isTrue());
            assertThat(zone.getRules().nextTransition(next.minusNanos(1)).getInstant())
                    .isEqualTo(next);
        }
        assertThat(Duration.between(after, next)).isLessThan(Duration.ofHours(26));
    }

    @Property(tries = 200)
    void jitter_is_the_same_on_every_node_and_keeps_within_its_bound(
            @ForAll("instants") Instant due, @ForAll long number) {
        Rhythm rhythm = new Rhythm(
                new Daily(List.of(LocalTime.NOON)),
                ZoneId.of("UTC"),
                Duration.ofMinutes(10),
                Optional.empty(),
                List.of(),
                true);
        String key = "nightly/database-" + number;

        Instant begins = rhythm.begins(key, due);

        assertThat(begins).isEqualTo(rhythm.begins(key, due));
        assertThat(Duration.between(due, begins)).isBetween(Duration.ZERO, Duration.ofMinutes(10));
    }

    @Property(tries = 300)
    void a_window_opens_when_it_says_and_is_open_then(
            @ForAll("times") LocalTime from,
            @ForAll("times") LocalTime to,
            @ForAll Set<DayOfWeek> days,
            @ForAll("zones") ZoneId zone,
            @ForAll("instants") Instant instant) {
        Window window = new Window(from, to, days.isEmpty() ? Window.allDays() : days);
        for (Instant now : nearChange(zone, instant)) {
            Instant opens = window.opens(now, zone);
            assertThat(opens).isAfterOrEqualTo(now);
            assertThat(window.isOpen(opens, zone)).isTrue();
            if (opens.isAfter(now)) {
                assertThat(window.isOpen(now, zone)).isFalse();
                assertThat(window.isOpen(opens.minusNanos(1), zone)).isFalse();
            }
        }
    }

    @Property(tries = 100)
    void the_jitter_of_many_targets_is_spread_evenly(@ForAll("instants") Instant due) {
        Rhythm rhythm = new Rhythm(
                new Daily(List.of(LocalTime.NOON)),
                ZoneId.of("UTC"),
                Duration.ofMinutes(10),
                Optional.empty(),
                List.of(),
                true);

        var perMinute = java.util.stream.IntStream.range(0, 10_000)
                .mapToObj(number -> Duration.between(due, rhythm.begins("nightly/db" + number, due))
                        .toMinutes())
                .collect(Collectors.groupingBy(minute -> minute, Collectors.counting()));

        assertThat(perMinute).hasSize(10);
        assertThat(perMinute.values()).allSatisfy(count -> assertThat(count).isBetween(850L, 1150L));
    }
}
