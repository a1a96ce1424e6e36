package io.pgcharter.policy.retention;

import static io.pgcharter.policy.retention.Backups.at;
import static io.pgcharter.policy.retention.Backups.kept;
import static io.pgcharter.policy.retention.Backups.plain;
import static io.pgcharter.policy.retention.Backups.rules;
import static io.pgcharter.policy.retention.Backups.shown;
import static io.pgcharter.policy.retention.Backups.utc;
import static org.assertj.core.api.Assertions.assertThat;

import io.pgcharter.policy.retention.Backups.Rules;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.time.DayOfWeek;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.time.temporal.TemporalAdjusters;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

/// Golden cases: each rule alone, then together, then by clocks that change.
class RetentionRulesTest {
    private static final Instant NOW = Instant.parse("2026-11-21T12:00:00Z");

    @Test
    void last_keeps_so_many_of_the_newest() {
        List<Candidate> backups = utc("2026-11-20T01:00", "2026-11-20T02:00", "2026-11-20T03:00", "2026-11-20T04:00");

        assertThat(shown(rules().last(3).judge(backups, NOW)))
                .containsExactly(
                        "2026-11-20T04:00: newest backup, last 1 of 3",
                        "2026-11-20T03:00: last 2 of 3",
                        "2026-11-20T02:00: last 3 of 3");
    }

    @Test
    void daily_keeps_the_newest_of_each_day_that_has_backups() {
        List<Candidate> backups =
                utc("2026-11-10T02:00", "2026-11-17T02:00", "2026-11-17T14:00", "2026-11-20T02:00", "2026-11-20T14:00");

        List<Verdict> verdicts = rules().daily(2).judge(backups, NOW);

        assertThat(shown(verdicts))
                .containsExactly(
                        "2026-11-20T14:00: newest backup, daily 1 of 2 (2026-11-20)",
                        "2026-11-17T14:00: daily 2 of 2 (2026-11-17)");
        assertThat(verdicts.stream().filter(verdict -> !verdict.isKept()).toList())
                .hasSize(3)
                .allMatch(verdict -> verdict.reasons().equals(List.of("no rule keeps it")));
    }

    @Test
    void weeks_begin_on_monday_and_belong_to_the_year_that_has_their_thursday() {
        // Thursday, the last of 2026; Sunday of the same week; Monday of the next; and a year before.
        List<Candidate> backups =
                utc("2025-12-28T02:00", "2025-12-29T02:00", "2026-12-31T02:00", "2027-01-03T02:00", "2027-01-04T02:00");

        assertThat(shown(rules().weekly(4).judge(backups, NOW.plus(Duration.ofDays(90)))))
                .containsExactly(
                        "2027-01-04T02:00: newest backup, weekly 1 of 4 (2027-W01)",
                        "2027-01-03T02:00: weekly 2 of 4 (2026-W53)",
                        "2025-12-29T02:00: weekly 3 of 4 (2026-W01)",
                        "2025-12-28T02:00: weekly 4 of 4 (2025-W52)");
    }

    @Test
    void monthly_and_yearly_keep_the_newest_of_each() {
        List<Candidate> backups =
                utc("2024-12-31T23:59", "2025-01-01T00:00", "2025-12-31T02:00", "2026-10-01T04:00", "2026-10-31T02:00");

        assertThat(shown(rules().monthly(2).judge(backups, NOW)))
                .containsExactly(
                        "2026-10-31T02:00: newest backup, monthly 1 of 2 (2026-10)",
                        "2025-12-31T02:00: monthly 2 of 2 (2025-12)");
        assertThat(shown(rules().yearly(3).judge(backups, NOW)))
                .containsExactly(
                        "2026-10-31T02:00: newest backup, yearly 1 of 3 (2026)",
                        "2025-12-31T02:00: yearly 2 of 3 (2025)",
                        "2024-12-31T23:59: yearly 3 of 3 (2024)");
    }

    @Test
    void within_looks_back_from_the_newest_backup_so_nothing_ages_away_when_backups_stop() {
        List<Candidate> backups = utc("2026-11-01T02:00", "2026-11-02T02:00", "2026-11-03T01:59", "2026-11-03T02:00");
        Rules rules = rules().within(Duration.ofHours(24));
        List<String> expected = List.of(
                "2026-11-03T02:00: newest backup, within 24h of the newest",
                "2026-11-03T01:59: within 24h of the newest");

        assertThat(shown(rules.judge(backups, Instant.parse("2026-11-03T02:00:00Z"))))
                .isEqualTo(expected);
        assertThat(shown(rules.judge(backups, Instant.parse("2036-11-03T02:00:00Z"))))
                .isEqualTo(expected);
    }

    @Test
    void min_age_is_age_by_the_clock_and_keeps_also_what_is_not_whole() {
        Candidate broken = new Candidate(
                "broken", NOW.minus(Duration.ofHours(5)), Optional.empty(), Optional.empty(), List.of(), false);
        List<Candidate> backups = List.of(
                plain("day-old", NOW.minus(Duration.ofHours(24))),
                plain("young", NOW.minus(Duration.ofHours(23))),
                broken,
                plain("new", NOW));

        assertThat(shown(rules().minAge(Duration.ofHours(24)).judge(backups, NOW)))
                .containsExactly(
                        "new: newest backup, younger than 24h", "broken: younger than 24h", "young: younger than 24h");
        assertThat(shown(rules().minAge(Duration.ofHours(24)).judge(backups, NOW.plus(Duration.ofDays(7)))))
                .containsExactly("new: newest backup");
    }

    @Test
    void at_least_so_many_stay_whatever_the_other_rules_say() {
        List<Candidate> backups = utc("2026-11-20T01:00", "2026-11-20T02:00", "2026-11-20T03:00", "2026-11-20T04:00");

        assertThat(shown(rules().daily(7).atLeast(3).judge(backups, NOW)))
                .containsExactly(
                        "2026-11-20T04:00: newest backup, one of at least 3, daily 1 of 7 (2026-11-20)",
                        "2026-11-20T03:00: one of at least 3",
                        "2026-11-20T02:00: one of at least 3");
        assertThat(kept(rules().daily(7).atLeast(9).judge(backups, NOW))).hasSize(4);
    }

    @Test
    void the_newest_backup_and_the_newest_proven_one_stay_under_any_rules() {
        List<Candidate> backups = List.of(
                proven("old", "2026-01-01T00:00:00Z", "2026-11-01T00:00:00Z"),
                proven("proven", "2026-02-01T00:00:00Z", "2026-02-02T00:00:00Z"),
                plain("unproven", Instant.parse("2026-03-01T00:00:00Z")),
                plain("new", Instant.parse("2026-04-01T00:00:00Z")));

        assertThat(shown(rules().last(1).judge(backups, NOW)))
                .containsExactly("new: newest backup, last 1 of 1", "proven: last proven");
    }

    @Test
    void a_pin_keeps_and_says_why() {
        Instant old = Instant.parse("2020-01-01T00:00:00Z");
        Candidate pinned = new Candidate("audit", old, Optional.empty(), Optional.of("audit 2026"), List.of(), true);

        assertThat(shown(rules().last(1).judge(List.of(pinned, plain("new", NOW)), NOW)))
                .containsExactly("new: newest backup, last 1 of 1", "audit: pinned: audit 2026");
    }

    @Test
    void what_a_kept_backup_needs_is_kept_through_any_number_of_steps() {
        List<Candidate> backups = List.of(
                plain("full----0", NOW.minusSeconds(500)),
                needing("step----1", NOW.minusSeconds(400), "full----0"),
                needing("step----2", NOW.minusSeconds(300), "step----1"),
                needing("other---3", NOW.minusSeconds(200), "full----0"),
                needing("last----4", NOW.minusSeconds(100), "step----2", "gone"));

        assertThat(shown(rules().last(1).judge(backups, NOW)))
                .containsExactly(
                        "last----4: newest backup, last 1 of 1",
                        "step----2: needed by last----",
                        "step----1: needed by step----",
                        "full----0: needed by step----");
        assertThat(shown(rules().last(2).judge(backups, NOW))).contains("full----0: needed by other--- and 1 more");
    }

    @Test
    void backups_that_need_each_other_in_a_ring_do_not_hang() {
        List<Candidate> backups =
                List.of(needing("a", NOW.minusSeconds(2), "b"), needing("b", NOW.minusSeconds(1), "a"));

        assertThat(kept(rules().last(1).judge(backups, NOW))).hasSize(2);
    }

    @Test
    void what_is_not_whole_takes_no_place_of_what_is() {
        Candidate broken = new Candidate("broken", NOW, Optional.of(NOW), Optional.empty(), List.of(), false);
        Candidate whole = plain("whole", NOW.minusSeconds(60));

        List<Verdict> verdicts = rules().last(1).daily(1).judge(List.of(broken, whole), NOW);

        assertThat(shown(verdicts)).containsExactly("whole: newest backup, last 1 of 1, daily 1 of 1 (2026-11-21)");
        assertThat(verdicts.getFirst().reasons()).containsExactly("it is not whole, and no rule keeps it");
        assertThat(shown(rules().last(1).judge(List.of(broken), NOW))).containsExactly("broken: newest backup");
    }

    @Test
    void a_backup_dated_in_the_future_stays_and_takes_no_place() {
        List<Candidate> backups = new ArrayList<>(utc("2026-11-18T02:00", "2026-11-19T02:00", "2026-11-20T02:00"));
        backups.add(plain("2036", NOW.plus(Duration.ofDays(3650))));

        assertThat(shown(rules().daily(2).within(Duration.ofHours(1)).judge(backups, NOW)))
                .containsExactly(
                        "2036: dated in the future, so a clock is or was wrong",
                        "2026-11-20T02:00: newest backup, within 1h of the newest, daily 1 of 2 (2026-11-20)",
                        "2026-11-19T02:00: daily 2 of 2 (2026-11-19)");
    }

    @Test
    void a_clock_that_fell_back_removes_nothing_and_one_that_ran_ahead_no_more_than_before() {
        List<Candidate> backups = hourly(LocalDateTime.parse("2026-11-01T00:00"), NOW);
        Rules rules = rules().last(3).daily(7).weekly(4).monthly(12).within(Duration.ofHours(24));

        assertThat(kept(rules.judge(backups, Instant.EPOCH))).hasSameSizeAs(backups);
        assertThat(kept(rules.judge(backups, NOW.plus(Duration.ofDays(36_500)))))
                .isEqualTo(kept(rules.judge(backups, NOW)));
    }

    @Test
    void nothing_to_judge_is_no_trouble() {
        assertThat(rules().daily(7).judge(List.of(), NOW)).isEmpty();
    }

    @Test
    void a_day_of_25_hours_and_one_of_23_are_one_day_each() {
        ZoneId zagreb = ZoneId.of("Europe/Zagreb");
        Rules rules = rules().daily(3).in(zagreb);
        // 2026-10-25: 03:00 summer time becomes 02:00. 22:00Z is midnight before, 23:00Z midnight after.
        List<Candidate> autumn = utc(
                "2026-10-24T21:59",
                "2026-10-24T22:00",
                "2026-10-25T00:30",
                "2026-10-25T01:30",
                "2026-10-25T22:59",
                "2026-10-25T23:00");
        assertThat(shown(rules.judge(autumn, NOW)))
                .containsExactly(
                        "2026-10-25T23:00: newest backup, daily 1 of 3 (2026-10-26)",
                        "2026-10-25T22:59: daily 2 of 3 (2026-10-25)",
                        "2026-10-24T21:59: daily 3 of 3 (2026-10-24)");

        // 2026-03-29: 02:00 becomes 03:00. 23:00Z is midnight before, 22:00Z midnight after.
        List<Candidate> spring = utc("2026-03-28T22:59", "2026-03-28T23:00", "2026-03-29T21:59", "2026-03-29T22:00");
        assertThat(shown(rules.judge(spring, NOW)))
                .containsExactly(
                        "2026-03-29T22:00: newest backup, daily 1 of 3 (2026-03-30)",
                        "2026-03-29T21:59: daily 2 of 3 (2026-03-29)",
                        "2026-03-28T22:59: daily 3 of 3 (2026-03-28)");
    }

    @Test
    void of_an_hour_that_comes_twice_the_later_one_is_the_newer() {
        ZoneId newYork = ZoneId.of("America/New_York");
        // 01:30 comes twice on 2026-11-01: 05:30Z (EDT), 06:30Z (EST).
        List<Candidate> backups = utc("2026-11-01T05:30", "2026-11-01T06:30", "2026-11-02T04:59", "2026-11-02T05:00");

        assertThat(shown(rules().daily(2).in(newYork).judge(backups.subList(0, 2), NOW)))
                .containsExactly("2026-11-01T06:30: newest backup, daily 1 of 2 (2026-11-01)");
        assertThat(shown(rules().daily(2).weekly(2).in(newYork).judge(backups, NOW)))
                .containsExactly(
                        "2026-11-02T05:00: newest backup, daily 1 of 2 (2026-11-02), weekly 1 of 2 (2026-W45)",
                        "2026-11-02T04:59: daily 2 of 2 (2026-11-01), weekly 2 of 2 (2026-W44)");
    }

    @Test
    void kathmandu_is_a_quarter_of_an_hour_off_everybody_else() {
        // Midnight there is 18:15Z.
        List<Candidate> backups = utc("2026-11-19T18:14", "2026-11-19T18:15", "2026-11-20T18:14", "2026-11-20T18:15");

        assertThat(shown(rules().daily(3).in(ZoneId.of("Asia/Kathmandu")).judge(backups, NOW)))
                .containsExactly(
                        "2026-11-20T18:15: newest backup, daily 1 of 3 (2026-11-21)",
                        "2026-11-20T18:14: daily 2 of 3 (2026-11-20)",
                        "2026-11-19T18:14: daily 3 of 3 (2026-11-19)");
    }

    @Test
    void a_day_that_never_was_is_no_day_without_a_backup() {
        // Samoa went from 2011-12-29 to 2011-12-31.
        ZoneId apia = ZoneId.of("Pacific/Apia");
        List<Candidate> backups =
                at(apia, "2011-12-28T02:00", "2011-12-29T02:00", "2011-12-31T02:00", "2012-01-01T02:00");

        assertThat(shown(rules().daily(3).monthly(2).in(apia).judge(backups, NOW)))
                .containsExactly(
                        "2012-01-01T02:00: newest backup, daily 1 of 3 (2012-01-01), monthly 1 of 2 (2012-01)",
                        "2011-12-31T02:00: daily 2 of 3 (2011-12-31), monthly 2 of 2 (2011-12)",
                        "2011-12-29T02:00: daily 3 of 3 (2011-12-29)");
    }

    @Test
    void where_clocks_go_back_across_midnight_a_day_that_comes_twice_counts_once() {
        // St. John's, 2010-11-07 00:01 became 2010-11-06 23:01; 02:31Z is that instant.
        ZoneId stJohns = ZoneId.of("America/St_Johns");
        List<Candidate> backups = List.of(
                plain("6th", Instant.parse("2010-11-07T02:00:00Z")),
                plain("7th, one minute", Instant.parse("2010-11-07T02:30:30Z")),
                plain("6th again", Instant.parse("2010-11-07T03:00:00Z")),
                plain("7th again", Instant.parse("2010-11-07T12:00:00Z")));
        assertThat(backups)
                .extracting(
                        backup -> LocalDate.ofInstant(backup.takenAt(), stJohns).getDayOfMonth())
                .containsExactly(6, 7, 6, 7);

        assertThat(shown(rules().daily(4).in(stJohns).judge(backups, NOW)))
                .containsExactly(
                        "7th again: newest backup, daily 1 of 4 (2010-11-07)", "6th: daily 2 of 4 (2010-11-06)");
    }

    @Test
    void ten_years_of_hourly_backups_settle_on_what_the_rules_say() {
        ZoneId zagreb = ZoneId.of("Europe/Zagreb");
        Rules rules = rules().daily(7).weekly(4).monthly(12).in(zagreb);
        Instant end = Instant.parse("2026-11-21T12:00:00Z");
        List<Candidate> there = new ArrayList<>();
        Instant applied = end.minus(Duration.ofDays(3652));

        for (Candidate backup : hourly(LocalDateTime.ofInstant(applied, ZoneOffset.UTC), end)) {
            there.add(backup);
            if (!backup.takenAt().isBefore(applied.plus(Duration.ofDays(1)))) {
                applied = backup.takenAt();
                List<Candidate> stay = kept(rules.judge(there, applied));
                there = new ArrayList<>(stay);
            }
        }

        there = kept(rules.judge(there, end));

        TreeSet<LocalDate> days = new TreeSet<>();
        LocalDate today = LocalDate.ofInstant(end, zagreb);
        for (int back = 0; back < 7; back++) {
            days.add(today.minusDays(back));
        }
        for (int back = 1; back < 4; back++) {
            days.add(today.with(TemporalAdjusters.previous(DayOfWeek.SUNDAY)).minusWeeks(back - 1));
        }
        for (int back = 1; back < 12; back++) {
            days.add(today.withDayOfMonth(1).minusMonths(back - 1).minusDays(1));
        }
        List<LocalDate> kept = there.stream()
                .map(backup -> LocalDate.ofInstant(backup.takenAt(), zagreb))
                .toList();
        assertThat(kept.stream().sorted().toList()).containsExactlyElementsOf(days);
        // The last hour of each day, but of today's.
        assertThat(there.stream()
                        .map(backup -> LocalDateTime.ofInstant(backup.takenAt(), zagreb))
                        .filter(time -> !time.toLocalDate().equals(today)))
                .allMatch(time -> time.getHour() == 23);
    }

    /// Daily at 02:00, on Sundays at 03:00 as well, on the 1st at 04:00 as well.
    @Test
    void strategy_a1_keeps_seven_days_four_weeks_and_twelve_months_in_steady_state() {
        ZoneId zagreb = ZoneId.of("Europe/Zagreb");
        Rules rules = rules().daily(7).weekly(4).monthly(12).in(zagreb);
        List<Candidate> there = new ArrayList<>();
        LocalDate today = LocalDate.parse("2026-11-21");
        for (LocalDate day = today.minusYears(3); !day.isAfter(today); day = day.plusDays(1)) {
            there.addAll(at(zagreb, day + "T02:00"));
            if (day.getDayOfWeek() == DayOfWeek.SUNDAY) {
                there.addAll(at(zagreb, day + "T03:00"));
            }
            if (day.getDayOfMonth() == 1) {
                there.addAll(at(zagreb, day + "T04:00"));
            }
            Instant now = day.atTime(5, 0).atZone(zagreb).toInstant();
            there = new ArrayList<>(kept(rules.judge(there, now)));
        }

        assertThat(there.stream().map(Candidate::id))
                .containsExactly(
                        // seven days
                        "2026-11-21T02:00",
                        "2026-11-20T02:00",
                        "2026-11-19T02:00",
                        "2026-11-18T02:00",
                        "2026-11-17T02:00",
                        "2026-11-16T02:00",
                        "2026-11-15T03:00",
                        // four weeks, this one's being today's
                        "2026-11-08T03:00",
                        "2026-11-01T04:00",
                        // twelve months, this one's being today's: the last backup of each
                        "2026-10-31T02:00",
                        "2026-09-30T02:00",
                        "2026-08-31T02:00",
                        "2026-07-31T02:00",
                        "2026-06-30T02:00",
                        "2026-05-31T03:00",
                        "2026-04-30T02:00",
                        "2026-03-31T02:00",
                        "2026-02-28T02:00",
                        "2026-01-31T02:00",
                        "2025-12-31T02:00");
    }

    @Test
    void a_million_backups_take_less_than_a_second() {
        Rules rules = rules().last(10)
                .daily(7)
                .weekly(4)
                .monthly(12)
                .yearly(1000)
                .within(Duration.ofDays(7))
                .in(ZoneId.of("Europe/Zagreb"));
        List<Candidate> backups = new ArrayList<>();
        for (int number = 0; number < 1_000_000; number++) {
            // Every five minutes, newest first, as a repository's backups are listed.
            backups.add(plain(Integer.toHexString(number), NOW.minus(Duration.ofMinutes(5L * number))));
        }

        // Time of the processor, at best of some turns: the machine may be busy with other things.
        ThreadMXBean threads = ManagementFactory.getThreadMXBean();
        long best = Long.MAX_VALUE;
        for (int turn = 0; turn < 5 && best > 1_000_000_000; turn++) {
            long begun = threads.getCurrentThreadCpuTime();
            assertThat(rules.judge(backups, NOW).size()).isEqualTo(1_000_000);
            best = Math.min(best, threads.getCurrentThreadCpuTime() - begun);
        }

        assertThat(Duration.ofNanos(best)).isLessThan(Duration.ofSeconds(1));
    }

    @Test
    void equal_times_are_told_apart_by_id_whatever_the_order() {
        List<Candidate> backups = new ArrayList<>(List.of(plain("b", NOW), plain("a", NOW), plain("c", NOW)));
        List<String> expected = List.of("a: newest backup, last 1 of 2", "b: last 2 of 2");

        assertThat(shown(rules().last(2).judge(backups, NOW))).isEqualTo(expected);
        Collections.reverse(backups);
        assertThat(shown(rules().last(2).judge(backups, NOW))).isEqualTo(expected);
    }

    private static List<Candidate> hourly(LocalDateTime from, Instant to) {
        List<Candidate> backups = new ArrayList<>();
        Instant at = from.toInstant(ZoneOffset.UTC);
        while (at.isBefore(to)) {
            backups.add(plain(at.toString(), at));
            at = at.plus(1, ChronoUnit.HOURS);
        }
        return backups;
    }

    private static Candidate proven(String id, String takenAt, String provenAt) {
        return new Candidate(
                id, Instant.parse(takenAt), Optional.of(Instant.parse(provenAt)), Optional.empty(), List.of(), true);
    }

    private static Candidate needing(String id, Instant takenAt, String... needs) {
        return new Candidate(id, takenAt, Optional.empty(), Optional.empty(), List.of(needs), true);
    }
}
