package io.pgcharter.policy.charter;

import java.time.DayOfWeek;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalTime;
import java.time.ZoneId;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.time.format.TextStyle;
import java.util.EnumSet;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Collectors;

/// The hours of certain days in which maintenance may be done, by the clocks of `zone`. One that ends before it
/// begins goes on past midnight and belongs to the day on which it began. Where clocks are put forward over an end
/// of it, that end is the first time after the gap; where they are put back, the earlier of the two.
///
/// @param from the first moment of it
/// @param to the first moment after it; never equal to `from`
/// @param days on which it begins; at least one
public record MaintenanceWindow(LocalTime from, LocalTime to, Set<DayOfWeek> days, ZoneId zone) {
    private static final DateTimeFormatter CLOCK = DateTimeFormatter.ofPattern("HH:mm", Locale.ROOT);
    private static final int WEEK_DAYS = 7;

    public MaintenanceWindow {
        days = Set.copyOf(EnumSet.copyOf(days));
        if (from.equals(to)) {
            throw new IllegalArgumentException("a window that ends when it begins");
        }
    }

    public boolean contains(Instant now) {
        LocalDate today = now.atZone(zone).toLocalDate();
        return isWithin(today, now) || isWithin(today.minusDays(1), now);
    }

    /// When it opens next: later than `now`, also if it is open.
    public Instant opensAfter(Instant now) {
        LocalDate today = now.atZone(zone).toLocalDate();
        for (int ahead = 0; ahead <= WEEK_DAYS; ahead++) {
            LocalDate day = today.plusDays(ahead);
            if (days.contains(day.getDayOfWeek()) && opening(day).isAfter(now)) {
                return opening(day);
            }
        }
        throw new IllegalStateException("a window of no day");
    }

    private boolean isWithin(LocalDate day, Instant now) {
        LocalDate last = to.isAfter(from) ? day : day.plusDays(1);
        return days.contains(day.getDayOfWeek())
                && !now.isBefore(opening(day))
                && now.isBefore(ZonedDateTime.of(last, to, zone).toInstant());
    }

    private Instant opening(LocalDate day) {
        return ZonedDateTime.of(day, from, zone).toInstant();
    }

    /// `01:00 to 05:00 on Sat, Sun (Europe/Zagreb)`.
    @Override
    public String toString() {
        String which = days.size() == WEEK_DAYS
                ? "every day"
                : "on "
                        + days.stream()
                                .sorted()
                                .map(day -> day.getDisplayName(TextStyle.SHORT, Locale.ROOT))
                                .collect(Collectors.joining(", "));
        return CLOCK.format(from) + " to " + CLOCK.format(to) + " " + which + " (" + zone + ")";
    }
}
