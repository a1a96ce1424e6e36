package io.pgcharter.policy.schedule;

import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.time.zone.ZoneOffsetTransition;
import java.time.zone.ZoneRules;
import java.util.Optional;
import java.util.function.Function;

/// Which instant a local time means, and which one comes next.
final class LocalInstants {
    private LocalInstants() {}

    /// In a gap the first instant after it, in an overlap the first of the two. Never decreases as `local` grows.
    static Instant of(LocalDateTime local, ZoneId zone) {
        ZoneRules rules = zone.getRules();
        ZoneOffsetTransition change = rules.getTransition(local);
        return change != null && change.isGap()
                ? change.getInstant()
                : local.toInstant(rules.getValidOffsets(local).getFirst());
    }

    /// Whether the whole day fell into a gap, as 30 December 2011 did in Samoa.
    static boolean isLeftOut(LocalDate date, ZoneId zone) {
        ZoneOffsetTransition change = zone.getRules().getTransition(date.atTime(LocalTime.NOON));
        return change != null
                && change.isGap()
                && !change.getDateTimeBefore().isAfter(date.atStartOfDay())
                && !change.getDateTimeAfter().isBefore(date.plusDays(1).atStartOfDay());
    }

    /// The first instant after `after` that a local time of `following` means.
    ///
    /// @param following the first local time of a cadence after the one given
    static Optional<Instant> next(
            Instant after, ZoneId zone, Function<LocalDateTime, Optional<LocalDateTime>> following) {
        Optional<LocalDateTime> local = following.apply(LocalDateTime.ofInstant(after, zone));
        // More than once only in the second hour of an overlap, whose local times have been.
        while (local.isPresent() && !of(local.get(), zone).isAfter(after)) {
            local = following.apply(local.get());
        }
        return local.map(time -> of(time, zone));
    }

    /// As [#next], but what an overlap repeats comes twice, and what a gap leaves out does not come.
    static Optional<Instant> nextByElapsedTime(
            Instant after, ZoneId zone, Function<LocalDateTime, Optional<LocalDateTime>> following) {
        ZoneRules rules = zone.getRules();
        Instant from = after;
        ZoneOffset offset = rules.getOffset(after);
        ZoneOffsetTransition change = rules.nextTransition(after);
        while (true) {
            Optional<Instant> next = next(from, offset, following);
            if (next.isEmpty() || change == null || next.get().isBefore(change.getInstant())) {
                return next;
            }
            // From just before the change, so that its own instant counts.
            from = change.getInstant().minusNanos(1);
            offset = change.getOffsetAfter();
            change = rules.nextTransition(change.getInstant());
        }
    }
}
