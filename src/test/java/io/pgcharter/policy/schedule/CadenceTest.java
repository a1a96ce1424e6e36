package io.pgcharter.policy.schedule;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

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
import java.time.LocalTime;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class CadenceTest {
    /// In 2026 the clocks went from 02:00 to 03:00 on 29 March and go from 03:00 to 02:00 on 25 October.
    private static final ZoneId ZAGREB = ZoneId.of("Europe/Zagreb");

    /// Half an hour of summer time.
    private static final ZoneId LORD_HOWE = ZoneId.of("Australia/Lord_Howe");

    private static Daily daily(String... times) {
        return new Daily(List.of(times).stream().map(LocalTime::parse).toList());
    }

    private static Cron cron(String text) {
        return new Cron(CronExpression.parse(text));
    }

    /// The first `count` instants after `after`.
    private static List<String> instants(Cadence cadence, ZoneId zone, String after, int count) {
        List<String> found = new ArrayList<>();
        Optional<Instant> next = cadence.next(Instant.parse(after), zone);
        while (found.size() < count && next.isPresent()) {
            found.add(next.get().toString());
            next = cadence.next(next.get(), zone);
        }
        return found;
    }

    @Test
    void six_and_eighteen_o_clock_in_utc_come_twice_a_day() {
        assertThat(instants(daily("18:00", "06:00"), ZoneOffset.UTC, "2026-11-21T06:00:00Z", 3))
                .containsExactly("2026-11-21T18:00:00Z", "2026-11-22T06:00:00Z", "2026-11-22T18:00:00Z");
    }

    @Test
    void a_day_that_never_was_has_no_daily_job_but_the_weekly_one_still_comes() {
        ZoneId apia = ZoneId.of("Pacific/Apia"); // left out 30 December 2011, a Friday, whole

        assertThat(instants(daily("00:01", "10:00"), apia, "2011-12-29T10:00:00Z", 4))
                .containsExactly(
                        "2011-12-29T10:01:00Z", "2011-12-29T20:00:00Z", "2011-12-30T10:01:00Z", "2011-12-30T20:00:00Z");
        assertThat(instants(
                        new Weekly(List.of(new Weekday(DayOfWeek.FRIDAY, LocalTime.of(4, 0)))),
                        apia,
                        "2011-12-25T00:00:00Z",
                        2))
                .containsExactly("2011-12-30T10:00:00Z", "2012-01-05T14:00:00Z");
    }

    @Test
    void a_time_in_the_gap_means_the_first_instant_after_it() {
        assertThat(instants(daily("02:30"), ZAGREB, "2026-03-28T00:00:00Z", 3))
                .containsExactly("2026-03-28T01:30:00Z", "2026-03-29T01:00:00Z", "2026-03-30T00:30:00Z");
    }

    @Test
    void a_time_that_comes_twice_means_the_first_of_the_two() {
        assertThat(instants(daily("02:30"), ZAGREB, "2026-10-24T20:00:00Z", 2))
                .containsExactly("2026-10-25T00:30:00Z", "2026-10-26T01:30:00Z");
        // also if one asks between the two
        assertThat(instants(daily("02:30"), ZAGREB, "2026-10-25T01:10:00Z", 1)).containsExactly("2026-10-26T01:30:00Z");
    }

    @Test
    void a_gap_of_half_an_hour_is_one_too() {
        assertThat(instants(daily("02:15"), LORD_HOWE, "2026-10-03T00:00:00Z", 1))
                .containsExactly("2026-10-03T15:30:00Z");
    }

    @Test
    void several_days_of_the_week_come_in_order() {
        Weekly weekly = new Weekly(List.of(
                new Weekday(DayOfWeek.SUNDAY, LocalTime.of(3, 0)),
                new Weekday(DayOfWeek.WEDNESDAY, LocalTime.of(3, 0))));

        // 2026-11-21 is a Saturday
        assertThat(instants(weekly, ZoneOffset.UTC, "2026-11-21T17:00:00Z", 3))
                .containsExactly("2026-11-22T03:00:00Z", "2026-11-25T03:00:00Z", "2026-11-29T03:00:00Z");
    }

    @Test
    void the_thirty_first_is_the_last_day_of_a_shorter_month() {
        Monthly monthly = new Monthly(List.of(new Monthday(Monthday.LAST, LocalTime.of(4, 0))));

        assertThat(instants(monthly, ZoneOffset.UTC, "2028-01-31T04:00:00Z", 3))
                .containsExactly("2028-02-29T04:00:00Z", "2028-03-31T04:00:00Z", "2028-04-30T04:00:00Z");
        assertThat(new Monthly(List.of(new Monthday(30, LocalTime.of(4, 0)))).text())
                .isEqualTo("monthly 30 04:00");
        assertThat(monthly.text()).isEqualTo("monthly last 04:00");
    }

    @Test
    void cron_takes_either_day_where_both_are_limited() {
        // Friday 13 November 2026, and the Fridays about it
        assertThat(instants(cron("0 0 13 * 5"), ZoneOffset.UTC, "2026-12-01T00:00:00Z", 3))
                .containsExactly("2026-12-04T00:00:00Z", "2026-12-11T00:00:00Z", "2026-12-13T00:00:00Z");
    }

    @Test
    void cron_knows_steps_ranges_lists_and_names() {
        assertThat(instants(cron("15,45 8-9 * * MON-FRI"), ZoneOffset.UTC, "2026-11-20T09:20:00Z", 2))
                .containsExactly("2026-11-20T09:45:00Z", "2026-11-23T08:15:00Z");
        assertThat(instants(cron("0 3 * * 7"), ZoneOffset.UTC, "2026-11-21T00:00:00Z", 1))
                .containsExactly("2026-11-22T03:00:00Z");
        assertThat(instants(cron("*/20 * * * *"), ZoneOffset.UTC, "2026-11-21T00:59:59Z", 2))
                .containsExactly("2026-11-21T01:00:00Z", "2026-11-21T01:20:00Z");
    }

    @Test
    void cron_of_every_hour_neither_pauses_in_autumn_nor_doubles_in_spring() {
        assertThat(instants(cron("*/30 * * * *"), ZAGREB, "2026-10-25T00:00:00Z", 5))
                .containsExactly(
                        "2026-10-25T00:30:00Z",
                        "2026-10-25T01:00:00Z",
                        "2026-10-25T01:30:00Z",
                        "2026-10-25T02:00:00Z",
                        "2026-10-25T02:30:00Z");
        assertThat(instants(cron("0 * * * *"), ZAGREB, "2026-03-29T00:00:00Z", 2))
                .containsExactly("2026-03-29T01:00:00Z", "2026-03-29T02:00:00Z");
    }

    @Test
    void cron_that_names_its_hour_runs_once_on_the_day_of_either_change() {
        assertThat(instants(cron("*/20 2 * * *"), ZAGREB, "2026-03-29T00:00:00Z", 2))
                .containsExactly("2026-03-29T01:00:00Z", "2026-03-30T00:00:00Z");
        assertThat(instants(cron("0 2 * * *"), ZAGREB, "2026-10-24T12:00:00Z", 2))
                .containsExactly("2026-10-25T00:00:00Z", "2026-10-26T01:00:00Z");
    }

    @Test
    void cron_that_never_comes_or_cannot_be_read_is_refused() {
        for (String text : List.of("0 0 30 2 *", "* * * *", "* * * * * *", "61 * * * *", "nonsense", "@reboot", "")) {
            assertThatIllegalArgumentException().as(text).isThrownBy(() -> CronExpression.parse(text));
        }
    }

    @Test
    void every_six_hours_counts_from_midnight_utc() {
        assertThat(instants(new Every(Duration.ofHours(6)), ZAGREB, "2026-11-21T17:20:00Z", 2))
                .containsExactly("2026-11-21T18:00:00Z", "2026-11-22T00:00:00Z");
        assertThat(new Every(Duration.ofMinutes(90)).text()).isEqualTo("every 90m");
        assertThatIllegalArgumentException().isThrownBy(() -> new Every(Duration.ofSeconds(59)));
    }
}
