package io.pgcharter.entry.web.page;

import io.pgcharter.engine.engine.RunStep;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;

/// How fast the steps of one run go, by what was seen of them over the last [#WINDOW]. One for each watcher of a run;
/// not thread-safe.
public final class Pace {
    static final Duration WINDOW = Duration.ofSeconds(20);
    private static final Duration LEAST = Duration.ofMillis(900);
    private static final int SEEN_MAX = 64;

    private final Map<Integer, Deque<Seen>> seen = new HashMap<>();

    /// The steps as they are now, with the pace that this and earlier calls show.
    public List<StepLine> lines(List<RunStep> steps, Instant now) {
        return steps.stream().map(step -> line(step, now)).toList();
    }

    private StepLine line(RunStep step, Instant now) {
        Deque<Seen> before = seen.computeIfAbsent(step.number(), number -> new ArrayDeque<>());
        while (before.size() > 1
                && (before.size() >= SEEN_MAX || before.peekFirst().at().isBefore(now.minus(WINDOW)))) {
            before.removeFirst();
        }
        Optional<Seen> first = Optional.ofNullable(before.peekFirst());
        before.addLast(new Seen(now, step.done()));
        OptionalDouble perSecond =
                first.map(then -> rate(then, step.done(), now)).orElse(OptionalDouble.empty());
        boolean foreseen =
                !step.ended() && step.total() > step.done() && perSecond.isPresent() && perSecond.getAsDouble() > 0;
        Optional<Duration> left = foreseen
                ? Optional.of(Duration.ofSeconds(
                        Math.max(1, Math.round((step.total() - step.done()) / perSecond.getAsDouble()))))
                : Optional.empty();
        return new StepLine(step.name(), step.unit(), step.total(), step.done(), step.ended(), perSecond, left);
    }

    private static OptionalDouble rate(Seen then, long done, Instant now) {
        Duration between = Duration.between(then.at, now);
        return between.compareTo(LEAST) < 0
                ? OptionalDouble.empty()
                : OptionalDouble.of(Math.max(0, (done - then.done) * 1000.0 / between.toMillis()));
    }

    private record Seen(Instant at, long done) {}
}
