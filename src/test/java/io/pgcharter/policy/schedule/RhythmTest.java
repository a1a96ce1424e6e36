package io.pgcharter.policy.schedule;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.DayOfWeek;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalTime;
import java.time.ZoneId;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class RhythmTest {
    private static final ZoneId UTC = ZoneId.of("UTC");
    private static final Cadence HOURLY = new Cadence.Every(Duration.ofHours(1));
    private static final Window NIGHT = new Window(LocalTime.of(22, 0), LocalTime.of(5, 0), Window.allDays());
    private static final Blackout CHRISTMAS =
            new Blackout(LocalDate.of(2026, 12, 24), LocalDate.of(2026, 12, 26), Optional.of("change freeze"));

    private static Rhythm rhythm(Optional<Window> window, List<Blackout> blackouts, boolean catchesUp) {
        return new Rhythm(HOURLY, UTC, Duration.ZERO, window, blackouts, catchesUp);
    }

    private static Turn judge(Rhythm rhythm, String due, String now) {
        return rhythm.judge("job/shop", Instant.parse(due), Instant.parse(now));
    }

    @Test
    void what_is_due_is_run() {
        assertThat(judge(rhythm(Optional.empty(), List.of(), false), "2026-11-21T06:00:00Z", "2026-11-21T06:14:00Z"))
                .isEqualTo(new Turn.Run());
    }

    @Test
    void what_came_too_late_is_run_or_reported_as_the_charter_says() {
        String due = "2026-11-21T06:00:00Z";
        String now = "2026-11-21T09:30:00Z";

        assertThat(judge(rhythm(Optional.empty(), List.of(), true), due, now)).isEqualTo(new Turn.Run());
        assertThat(judge(rhythm(Optional.empty(), List.of(), false), due, now))
                .isEqualTo(new Turn.Miss("it could have begun only 210 min late, and the charter says missed: report"));
    }

    @Test
    void outside_of_its_window_work_waits_for_it_or_is_reported() {
        String due = "2026-11-21T06:00:00Z";

        assertThat(judge(rhythm(Optional.of(NIGHT), List.of(), true), due, due))
                .isEqualTo(
                        new Turn.Wait(Instant.parse("2026-11-21T22:00:00Z"), "outside of its window, 22:00 to 05:00"));
        assertThat(judge(rhythm(Optional.of(NIGHT), List.of(), false), due, due))
                .isEqualTo(new Turn.Miss("outside of its window, 22:00 to 05:00"));
        assertThat(judge(rhythm(Optional.of(NIGHT), List.of(), true), due, "2026-11-22T04:59:00Z"))
                .isEqualTo(new Turn.Run());
        assertThat(judge(rhythm(Optional.of(NIGHT), List.of(), true), due, "2026-11-22T05:00:00Z"))
                .isInstanceOf(Turn.Wait.class);
    }

    @Test
    void a_window_over_midnight_belongs_to_the_day_it_opens_on() {
        Window friday = new Window(LocalTime.of(22, 0), LocalTime.of(5, 0), EnumSet.of(DayOfWeek.FRIDAY));

        // 2026-11-21 is a Saturday
        assertThat(friday.isOpen(Instant.parse("2026-11-21T04:00:00Z"), UTC)).isTrue();
        assertThat(friday.isOpen(Instant.parse("2026-11-20T04:00:00Z"), UTC)).isFalse();
        assertThat(friday.opens(Instant.parse("2026-11-21T05:00:00Z"), UTC))
                .isEqualTo(Instant.parse("2026-11-27T22:00:00Z"));
        assertThat(friday.text()).isEqualTo("22:00 to 05:00 on Fri");
    }

    @Test
    void nothing_begins_in_a_blackout_neither_what_is_due_then_nor_what_is_late() {
        Rhythm rhythm = rhythm(Optional.empty(), List.of(CHRISTMAS), true);
        Turn skip = new Turn.Skip("blackout 2026-12-24 to 2026-12-26: change freeze");

        assertThat(judge(rhythm, "2026-12-24T00:00:00Z", "2026-12-24T00:00:01Z"))
                .isEqualTo(skip);
        assertThat(judge(rhythm, "2026-12-26T23:00:00Z", "2026-12-27T00:00:01Z"))
                .isEqualTo(skip);
        assertThat(judge(rhythm, "2026-12-23T23:00:00Z", "2026-12-24T00:00:01Z"))
                .isEqualTo(skip);
        assertThat(judge(rhythm, "2026-12-27T00:00:00Z", "2026-12-27T00:00:01Z"))
                .isEqualTo(new Turn.Run());
    }

    @Test
    void all_that_came_meanwhile_is_known_the_newest_ones_first_of_all() {
        Rhythm rhythm = rhythm(Optional.empty(), List.of(), true);
        Instant due = Instant.parse("2026-11-21T06:00:00Z");
        Instant now = Instant.parse("2026-11-21T09:30:00Z");

        assertThat(rhythm.alsoDue("job/shop", due, now, 100))
                .containsExactly(due.plusSeconds(3600), due.plusSeconds(7200), due.plusSeconds(10800));
        assertThat(rhythm.alsoDue("job/shop", due, now, 1)).containsExactly(due.plusSeconds(10800));
        assertThat(rhythm.alsoDue("job/shop", due, due, 100)).isEmpty();
    }

    @Test
    void an_instant_is_shown_by_the_clock_of_the_job() {
        Rhythm zagreb = new Rhythm(
                HOURLY, ZoneId.of("Europe/Zagreb"), Duration.ofMinutes(10), Optional.empty(), List.of(), true);

        assertThat(zagreb.local(Instant.parse("2026-11-21T05:00:00Z"))).isEqualTo("2026-11-21 06:00 CET");
        assertThat(zagreb.text()).isEqualTo("every 1h Europe/Zagreb jitter 10m");
    }
}
