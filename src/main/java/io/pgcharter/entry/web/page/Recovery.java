package io.pgcharter.entry.web.page;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Stream;

/// To which instants a database can be brought back, as a line in time.
///
/// @param from, until what is drawn
/// @param goal what is promised; empty where the charter promises nothing
/// @param points backups taken between `from` and `until`, oldest first
/// @param gaps times in which a backup should have been taken and none was, or none that can be restored
public record Recovery(Instant from, Instant until, Optional<Goal> goal, List<Point> points, List<Gap> gaps) {
    public Recovery {
        points = List.copyOf(points);
        gaps = List.copyOf(gaps);
    }

    /// Finds the gaps: where there was no new backup for longer than is tolerated, from the moment it was due to the
    /// next one, or to `until`. What was proven not to be restorable is none.
    public static Recovery of(Instant from, Instant until, Optional<Goal> goal, List<Point> points) {
        List<Point> sorted =
                points.stream().sorted(Comparator.comparing(Point::at)).toList();
        List<Point> drawn =
                sorted.stream().filter(point -> !point.at().isBefore(from)).toList();
        List<Gap> gaps = goal.map(promised -> gaps(promised, sorted, until)).orElse(List.of()).stream()
                .filter(gap -> gap.until().isAfter(from))
                .map(gap -> gap.from().isBefore(from) ? new Gap(from, gap.until()) : gap)
                .toList();
        return new Recovery(from, until, goal, drawn, gaps);
    }

    private static List<Gap> gaps(Goal goal, List<Point> points, Instant until) {
        List<Instant> taken = Stream.of(
                        points.stream()
                                .filter(point -> point.proof() != Proof.FAILED)
                                .map(Point::at),
                        goal.released().stream(),
                        Stream.of(until))
                .flatMap(instants -> instants)
                .filter(at -> at.isAfter(goal.since()))
                .sorted()
                .toList();
        List<Gap> gaps = new ArrayList<>();
        Instant last = goal.since();
        for (Instant next : taken) {
            if (next.isAfter(last.plus(goal.tolerated()))) {
                gaps.add(new Gap(last.plus(goal.every()), next));
            }
            last = next;
        }
        return gaps;
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

    /// What the charter promises.
    ///
    /// @param every the time between two backups
    /// @param tolerated a pause up to which there is no gap; at least `every`
    /// @param since from when on there should be backups
    /// @param released when backups were taken that are gone as retention wants it: no gap is theirs
    public record Goal(Duration every, Duration tolerated, Instant since, List<Instant> released) {
        public Goal {
            released = List.copyOf(released);
        }
    }

    /// Whether it goes on.
    public boolean isOpen(Gap gap) {
        return gap.until().equals(until);
    }

    /// A time of which no state can be restored, though the charter promises one.
    public record Gap(Instant from, Instant until) {
        public Duration length() {
            return Duration.between(from, until);
        }
    }
}
