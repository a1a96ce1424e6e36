package io.pgcharter.policy.retention;

import io.pgcharter.policy.charter.Charter.Retention;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Optional;

/// Backups and rules for tests, in few words.
final class Backups {
    private Backups() {}

    static Candidate plain(String id, Instant takenAt) {
        return new Candidate(id, takenAt, Optional.empty(), Optional.empty(), List.of(), true);
    }

    /// Backups named by their local time in `zone`: `2026-11-19T02:00`. A time that comes twice is the earlier one.
    static List<Candidate> at(ZoneId zone, String... times) {
        return Arrays.stream(times)
                .map(time -> plain(time, LocalDateTime.parse(time).atZone(zone).toInstant()))
                .toList();
    }

    static List<Candidate> utc(String... times) {
        return at(ZoneOffset.UTC, times);
    }

    static Rules rules() {
        return new Rules(0, 0, 0, 0, 0, Duration.ZERO, Duration.ZERO, 1, ZoneOffset.UTC);
    }

    /// The charter's retention, key by key.
    record Rules(
            int last,
            int daily,
            int weekly,
            int monthly,
            int yearly,
            Duration within,
            Duration minAge,
            int atLeast,
            ZoneId zone) {
        Rules last(int count) {
            return new Rules(count, daily, weekly, monthly, yearly, within, minAge, atLeast, zone);
        }

        Rules daily(int count) {
            return new Rules(last, count, weekly, monthly, yearly, within, minAge, atLeast, zone);
        }

        Rules weekly(int count) {
            return new Rules(last, daily, count, monthly, yearly, within, minAge, atLeast, zone);
        }

        Rules monthly(int count) {
            return new Rules(last, daily, weekly, count, yearly, within, minAge, atLeast, zone);
        }

        Rules yearly(int count) {
            return new Rules(last, daily, weekly, monthly, count, within, minAge, atLeast, zone);
        }

        Rules within(Duration age) {
            return new Rules(last, daily, weekly, monthly, yearly, age, minAge, atLeast, zone);
        }

        Rules minAge(Duration age) {
            return new Rules(last, daily, weekly, monthly, yearly, within, age, atLeast, zone);
        }

        Rules atLeast(int count) {
            return new Rules(last, daily, weekly, monthly, yearly, within, minAge, count, zone);
        }

        Rules in(ZoneId other) {
            return new Rules(last, daily, weekly, monthly, yearly, within, minAge, atLeast, other);
        }

        Retention retention() {
            return new Retention(last, daily, weekly, monthly, yearly, within, minAge, atLeast, zone, 1);
        }

        List<Verdict> judge(Collection<Candidate> candidates, Instant now) {
            return RetentionRules.judge(candidates, retention(), now);
        }
    }

    static List<Candidate> kept(List<Verdict> verdicts) {
        return verdicts.stream().filter(Verdict::isKept).map(Verdict::candidate).toList();
    }

    /// `id: reason, reason` of those that are kept, newest first.
    static List<String> shown(List<Verdict> verdicts) {
        List<String> lines = new ArrayList<>();
        for (Verdict verdict : verdicts) {
            if (verdict.isKept()) {
                lines.add(verdict.candidate().id() + ": " + String.join(", ", verdict.reasons()));
            }
        }
        return lines;
    }
}
