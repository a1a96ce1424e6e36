package io.pgcharter.policy.schedule;

import com.dynatrace.hash4j.hashing.Hashing;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/// When a job is due, and what becomes of it then. Everything follows from its arguments, so that all nodes agree.
///
/// @param jitter a job begins up to so long after it is due, spread evenly over targets and days; less than the
/// shortest pause between two instants
/// @param window when it may begin; empty for always
/// @param catchesUp whether what came too late is run once, as soon as it can be; otherwise it is reported
public record Rhythm(
        Cadence cadence,
        ZoneId zone,
        Duration jitter,
        Optional<Window> window,
        List<Blackout> blackouts,
        boolean catchesUp) {
    /// What begins later than this is late: its node was away, or too busy.
    public static final Duration LATE = Duration.ofMinutes(15);

    private static final DateTimeFormatter TIME = DateTimeFormatter.ofPattern("yyyy-MM-dd HH:mm zzz", Locale.ENGLISH);

    public Rhythm {
        blackouts = List.copyOf(blackouts);
    }

    /// The first instant after `after` at which it is due, jitter left aside.
    public Optional<Instant> next(Instant after) {
        return cadence.next(after, zone);
    }

    /// When what is due at `due` begins: the jitter of a job and target at an instant is always the same.
    ///
    /// @param key tells jobs and targets apart
    public Instant begins(String key, Instant due) {
        long seconds = jitter.toSeconds();
        return seconds == 0
                ? due
                : due.plusSeconds(Long.remainderUnsigned(
                        Hashing.komihash5_0().hashCharsToLong(key + "@" + due.getEpochSecond()), seconds));
    }

    /// The instants after `due` that have also come by `now`, oldest first.
    ///
    /// @param max how many at most: the newest ones
    public List<Instant> alsoDue(String key, Instant due, Instant now, int max) {
        List<Instant> instants = new ArrayList<>();
        Optional<Instant> next = next(due);
        while (next.isPresent() && !begins(key, next.get()).isAfter(now)) {
            instants.add(next.get());
            if (instants.size() > 2 * max) {
                instants.subList(0, max).clear();
            }
            next = next(next.get());
        }
        return List.copyOf(instants.subList(Math.max(0, instants.size() - max), instants.size()));
    }

    /// What becomes, at `now`, of what is due at `due`, the newest such instant.
    public Turn judge(String key, Instant due, Instant now) {
        Optional<Blackout> blackout = blackouts.stream()
                .filter(days -> days.covers(due, zone) || days.covers(now, zone))
                .findFirst();
        if (blackout.isPresent()) {
            return new Turn.Skip("blackout " + blackout.get().text());
        }
        Duration late = Duration.between(begins(key, due), now);
        if (!catchesUp && late.compareTo(LATE) > 0) {
            return new Turn.Miss("it could have begun only " + late.toMinutes() + " min late, and the charter says"
                    + " missed: report");
        }
        if (window.isPresent() && !window.get().isOpen(now, zone)) {
            String closed = "outside of its window, " + window.get().text();
            return catchesUp ? new Turn.Wait(window.get().opens(now, zone), closed) : new Turn.Miss(closed);
        }
        return new Turn.Run();
    }

    /// An instant as this job's clock shows it: `2026-11-21 06:00 CET`.
    public String local(Instant instant) {
        return TIME.format(instant.atZone(zone));
    }

    /// What instants follow from: two rhythms with the same text are due at the same instants.
    public String text() {
        return cadence.text() + " " + zone + (jitter.isZero() ? "" : " jitter " + Durations.text(jitter));
    }
}
