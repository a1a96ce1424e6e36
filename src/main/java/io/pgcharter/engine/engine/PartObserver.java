package io.pgcharter.engine.engine;

import io.pgcharter.model.id.RunId;
import io.pgcharter.model.operation.Run.Unit;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.IntSupplier;

/// Watches a part of a run for whoever watches the whole: steps of the part are steps of the whole. Thread-safe.
final class PartObserver implements Observer {
    private final RunId whole;
    private final IntSupplier numbers;
    private final Observer observer;
    private final Map<Integer, Integer> steps = new ConcurrentHashMap<>();

    /// @param numbers gives the next number of a step of the whole
    PartObserver(RunId whole, IntSupplier numbers, Observer observer) {
        this.whole = whole;
        this.numbers = numbers;
        this.observer = observer;
    }

    @Override
    public void stepBegun(RunId run, int step, String name, long total, Unit unit) {
        int number = numbers.getAsInt();
        steps.put(step, number);
        observer.stepBegun(whole, number, name, total, unit);
    }

    @Override
    public void stepMoved(RunId run, int step, long done) {
        observer.stepMoved(whole, steps.getOrDefault(step, step), done);
    }

    @Override
    public void stepEnded(RunId run, int step, long done) {
        observer.stepEnded(whole, steps.getOrDefault(step, step), done);
    }

    @Override
    public void warned(RunId run, String text) {
        observer.warned(whole, text);
    }
}
