package io.pgcharter.entry.web.page;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/// To which instants a database can be brought back, as a line in time.
///
/// @param from, until what is drawn
/// @param goal how old the newest backup may be at most; empty where the charter does not say
/// @param points backups taken between `from` and `until`, oldest first
/// @param gaps times in which the newest backup was older than `goal`
public record Recovery(Instant from, Instant until, Optional<Duration> goal, List<Point> points, List<Gap> gaps) {
    public Recovery {
        points = List.copyOf(points);
        gaps = List.copyOf(gaps);
    }

    /// Finds the gaps: from the moment a backup became older than `goal` to the next one, or to `until`. Before the
    /// first backup nothing is missed, for nothing was promised yet.
    public static Recovery of(Instant from, Instant until, Optional<Duration> goal, List<Point> points) {
        List<Point> sorted =
                points.stream().sorted(Comparator.comparing(Point::at)).toList();
        List<Gap> gaps = new ArrayList<>();
        for (int index = 0; index < sorted.size() && goal.isPresent(); index++) {
            Instant due = sorted.get(index).at().plus(goal.get());
            Instant next = index + 1 < sorted.size() ? sorted.get(index + 1).at() : until;
            if (next.isAfter(due) && next.isAfter(from)) {
                gaps.add(new Gap(due.isBefore(from) ? from : due, next));
            }
        }
        List<Point> drawn =
                sorted.stream().filter(point -> !point.at().isBefore(from)).toList();
        return new Recovery(from, until, goal, drawn, gaps);
    }

    public Optional<Instant> oldest() {
        return points.stream().findFirst().map(Point::at);
    }

    public Optional<Instant> newest() {
        return points.isEmpty()
                ? Optional.empty()
                : Optional.of(points.getLast().at());
    }

    public Optional<Instant> newestProven() {
        return points.stream()
                .filter(point -> point.proof() == Proof.PROVEN)
                .map(Point::at)
                .max(Comparator.naturalOrder());
    }

    public long proven() {
        return points.stream().filter(point -> point.proof() == Proof.PROVEN).count();
    }

    /// Where an instant lies, in percent of the width.
    public String x(Instant at) {
        double share = (double) Duration.between(from, at).toSeconds()
                / Math.max(1, Duration.between(from, until).toSeconds());
        // Half a point's width stays free on both sides.
        return String.format(Locale.ROOT, "%.2f%%", 1 + 98 * Math.clamp(share, 0, 1));
    }

    public String width(Gap gap) {
        double share = (double) gap.length().toSeconds()
                / Math.max(1, Duration.between(from, until).toSeconds());
        return String.format(Locale.ROOT, "%.2f%%", Math.max(0.3, 98 * share));
    }

    /// Days at which the line is marked, at most about ten.
    public List<Instant> ticks() {
        long days = Math.max(1, Duration.between(from, until).toDays());
        long every = days <= 10 ? 1 : days <= 21 ? 2 : days <= 75 ? 7 : days <= 200 ? 28 : 91;
        List<Instant> ticks = new ArrayList<>();
        Instant day = until.truncatedTo(java.time.temporal.ChronoUnit.DAYS);
        while (day.isAfter(from)) {
            ticks.add(day);
            day = day.minus(Duration.ofDays(every));
        }
        return ticks.reversed();
    }

    /// One backup.
    ///
    /// @param id its abbreviated id
    public record Point(String id, Instant at, Proof proof) {}

    /// Whether a backup was proven by restoring it.
    public enum Proof {
        PROVEN,
        /// Nobody tried yet.
        UNPROVEN,
        /// The proof was tried and did not succeed.
        FAILED
    }

    /// A time in which more would have been lost than the charter allows.
    public record Gap(Instant from, Instant until) {
        public Duration length() {
            return Duration.between(from, until);
        }
    }
}
