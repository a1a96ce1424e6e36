package io.pgcharter;

import io.pgcharter.engine.engine.Observer;
import io.pgcharter.model.id.RunId;
import io.pgcharter.model.operation.Run.Unit;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicLong;

/// Watches the step whose name begins with a word: when it begins, and how far it is.
final class StepWatch implements Observer {
    private final String name;
    final CompletableFuture<RunId> begun = new CompletableFuture<>();
    final AtomicLong total = new AtomicLong();
    final AtomicLong moved = new AtomicLong();
    private volatile int number = -1;

    StepWatch(String name) {
        this.name = name;
    }

    @Override
    public void stepBegun(RunId run, int step, String begins, long of, Unit unit) {
        if (begins.startsWith(name)) {
            number = step;
            total.set(of);
            begun.complete(run);
        }
    }

    @Override
    public void stepMoved(RunId run, int step, long done) {
        if (step == number) {
            moved.set(done);
        }
    }

    @Override
    public void stepEnded(RunId run, int step, long done) {}
}
