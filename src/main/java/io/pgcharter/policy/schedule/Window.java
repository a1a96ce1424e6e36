package io.pgcharter.policy.schedule;

import java.time.DayOfWeek;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.ZoneId;
import java.time.format.TextStyle;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Collectors;

/// When work may begin.
///
/// @param to when it may no more; before or at `from`, that is on the next day
/// @param days on which the window opens, at least one
public record Window(LocalTime from, LocalTime to, Set<DayOfWeek> days) {
    private static final int DAYS_OF_WEEK = 7;

    public Window {
        if (days.isEmpty()) {
            throw new IllegalArgumentException("a window needs a day");
        }
        days = Set.copyOf(days);
    }

    public boolean isOpen(Instant instant, ZoneId zone) {
        return opens(instant, zone).equals(instant);
    }

    /// The first instant from `from` on at which it is open: `from` itself if it is open then.
    public Instant opens(Instant from, ZoneId zone) {
        LocalDate yesterday = LocalDateTime.ofInstant(from, zone).toLocalDate().minusDays(1);
        for (int day = 0; day <= DAYS_OF_WEEK + 1; day++) {
            LocalDate date = yesterday.plusDays(day);
            if (!days.contains(date.getDayOfWeek())) {
                continue;
            }
            Instant opened = LocalInstants.of(date.atTime(this.from), zone);
            Instant closed = LocalInstants.of((to.isAfter(this.from) ? date : date.plusDays(1)).atTime(to), zone);
            if (from.isBefore(closed) && opened.isBefore(closed)) {
                return opened.isAfter(from) ? opened : from;
            }
        }
        throw new IllegalStateException("a window that does not open within a week: " + this);
    }

    /// `22:00 to 05:00 on Mon, Tue`; the days are left out if they are all.
    public String text() {
        String hours = from + " to " + to;
        return days.size() == DAYS_OF_WEEK
                ? hours
                : hours + " on "
                        + Arrays.stream(DayOfWeek.values())
                                .filter(days::contains)
                                .map(day -> day.getDisplayName(TextStyle.SHORT, Locale.ENGLISH))
                                .collect(Collectors.joining(", "));
    }

    /// Every day.
    public static Set<DayOfWeek> allDays() {
        return EnumSet.allOf(DayOfWeek.class);
    }
}
