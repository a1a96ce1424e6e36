package io.pgcharter.entry.terminal;

import io.pgcharter.engine.engine.Observer;
import io.pgcharter.model.id.RunId;
import io.pgcharter.model.operation.Run.Unit;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.LinkedHashMap;
import java.util.Map;

/// Shows how far runs are, on the stream beside the result: bars that move on a terminal, otherwise one line when a
/// step has ended, and one before that when it takes long. Thread-safe; several runs may share one.
public final class Progress implements Observer, AutoCloseable {
    private static final Duration REDRAW_INTERVAL_MIN = Duration.ofMillis(100);
    /// Without a terminal, a step that takes longer is announced.
    private static final Duration SHORT_STEP_MAX = Duration.ofSeconds(2);

    private static final int BAR_WIDTH = 24;
    private static final int NAME_WIDTH_MAX = 40;

    private final Screen screen;
    private final InstantSource clock;
    private final Map<Key, Step> steps = new LinkedHashMap<>();
    private int linesDrawn;
    private Instant drawnAt = Instant.MIN;

    public Progress(Screen screen, InstantSource clock) {
        this.screen = screen;
        this.clock = clock;
    }

    private record Key(RunId run, int step) {}

    private record Step(String name, long total, Unit unit, Instant begunAt, long done, boolean announced) {
        Step moved(long now) {
            return new Step(name, total, unit, begunAt, now, announced);
        }

        Step announce() {
            return new Step(name, total, unit, begunAt, done, true);
        }

        String amount(long number) {
            return switch (unit) {
                case BYTES -> Figures.size(number);
                case ITEMS -> Figures.count(number);
            };
        }
    }

    @Override
    public synchronized void stepBegun(RunId run, int step, String name, long total, Unit unit) {
        steps.put(new Key(run, step), new Step(name, total, unit, clock.instant(), 0, false));
        if (screen.progressMoves()) {
            draw(true);
        }
    }

    @Override
    public synchronized void stepMoved(RunId run, int step, long done) {
        Step moved = steps.computeIfPresent(new Key(run, step), (_, known) -> known.moved(done));
        if (moved == null) {
            return;
        }
        if (screen.progressMoves()) {
            draw(false);
        } else if (!moved.announced() && clock.instant().isAfter(moved.begunAt().plus(SHORT_STEP_MAX))) {
            steps.put(new Key(run, step), moved.announce());
            screen.aside(moved.name() + " …");
        }
    }

    @Override
    public synchronized void stepEnded(RunId run, int step, long done) {
        Step ended = steps.remove(new Key(run, step));
        if (ended == null) {
            return;
        }
        long millis = Duration.between(ended.begunAt(), clock.instant()).toMillis();
        String amount = done == 0 ? "" : ended.amount(done) + " in ";
        erase();
        screen.aside(ended.name() + ": " + amount + Figures.duration(millis));
        if (screen.progressMoves()) {
            draw(true);
        }
    }

    @Override
    public synchronized void warned(RunId run, String text) {
        erase();
        screen.aside(Tone.WARNING, "note", ": " + text);
        if (screen.progressMoves()) {
            draw(true);
        }
    }

    /// Takes what still moves off the terminal.
    @Override
    public synchronized void close() {
        erase();
        steps.clear();
    }

    private void draw(boolean atOnce) {
        Instant now = clock.instant();
        if (!atOnce && now.isBefore(drawnAt.plus(REDRAW_INTERVAL_MIN))) {
            return;
        }
        drawnAt = now;
        StringBuilder text = new StringBuilder(eraser());
        for (Step step : steps.values()) {
            String line = bar(step, now);
            text.append(
                    line,
                    0,
                    line.offsetByCodePoints(0, Math.min(line.codePointCount(0, line.length()), screen.columns() - 1)));
            text.append('\n');
        }
        linesDrawn = steps.size();
        screen.err().print(text);
        screen.err().flush();
    }

    private void erase() {
        screen.err().print(eraser());
        screen.err().flush();
        linesDrawn = 0;
    }

    /// Cursor up to the first bar, then clear to the end of the screen (ECMA-48 CUU and ED).
    private String eraser() {
        return linesDrawn == 0 ? "" : "\u001b[" + linesDrawn + "A\u001b[J";
    }

    private static String bar(Step step, Instant now) {
        double seconds = Duration.between(step.begunAt(), now).toMillis() / 1000.0;
        double rate = seconds > 0 ? step.done() / seconds : 0;
        String speed = rate >= 1 ? step.amount(Math.round(rate)) + "/s" : "";
        String name = step.name().length() > NAME_WIDTH_MAX ? step.name().substring(0, NAME_WIDTH_MAX) : step.name();
        if (step.total() <= 0) {
            return "%s  %s  %s".formatted(name, step.amount(step.done()), speed);
        }
        double part = Math.clamp((double) step.done() / step.total(), 0, 1);
        int full = (int) Math.round(part * BAR_WIDTH);
        String left = rate >= 1 && step.done() < step.total()
                ? Figures.duration(Math.round((step.total() - step.done()) / rate * 1000)) + " left"
                : "";
        return "%s  %s%s %3d %%  %s of %s  %s  %s"
                .formatted(
                        name,
                        "━".repeat(full),
                        "─".repeat(BAR_WIDTH - full),
                        Math.round(part * 100),
                        step.amount(step.done()),
                        step.amount(step.total()),
                        speed,
                        left)
                .stripTrailing();
    }
}
