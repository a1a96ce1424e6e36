package io.pgcharter.entry.web;

import io.pgcharter.engine.engine.Asking;
import io.pgcharter.engine.engine.Observer;
import io.pgcharter.engine.engine.Outcome;
import io.pgcharter.entry.corridor.Corridor;
import io.pgcharter.model.id.RunId;
import io.pgcharter.model.operation.Operation;
import io.pgcharter.model.operation.Run.Unit;
import io.pgcharter.model.problem.Problem;
import io.pgcharter.model.problem.ProblemCode;
import io.pgcharter.model.problem.ProblemException;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Hands operations to the corridor and waits for as long as somebody is willing to; the run goes on all the same.
/// Thread-safe.
final class Submissions implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Submissions.class);

    /// Each holds a thread, and most of them a connection of the control database now and then.
    private static final int AT_A_TIME_MAX = 100;

    private final Corridor corridor;
    private final Runnable changed;
    private final Semaphore room = new Semaphore(AT_A_TIME_MAX);
    private final ExecutorService threads = Executors.newThreadPerTaskExecutor(
            Thread.ofVirtual().name("pgcharter-web-", 0).factory());

    /// @param changed called when an operation was begun, and when it is over
    Submissions(Corridor corridor, Runnable changed) {
        this.corridor = corridor;
        this.changed = changed;
    }

    /// How far a submission came within the time somebody waited.
    sealed interface Submitted {
        record Ended(Outcome outcome) implements Submitted {}

        record GoesOn(RunId run) implements Submitted {}
    }

    /// Submits, and returns when it has ended; or, when `patience` is over, as soon as it was begun.
    ///
    /// @throws ProblemException `STATE_UNAVAILABLE`
    Submitted submit(Operation operation, Asking asking, Duration patience) {
        if (!room.tryAcquire()) {
            throw new Rejection(
                    503,
                    new Problem(
                            ProblemCode.TOO_MANY_REQUESTS,
                            AT_A_TIME_MAX + " operations go on already",
                            "they were asked for through this node",
                            "wait until some have ended: GET /api/v1/runs"),
                    Map.of("Retry-After", "10"));
        }
        CompletableFuture<Submitted> begun = new CompletableFuture<>();
        CompletableFuture<Submitted> ended =
                CompletableFuture.supplyAsync(() -> carriedOut(operation, asking, begun), threads);
        try {
            return ended.get(patience.toMillis(), TimeUnit.MILLISECONDS);
        } catch (TimeoutException _) {
            return joined(begun.applyToEither(ended, submitted -> submitted));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw Rejection.tooMany("the server stops", 10);
        } catch (ExecutionException e) {
            throw thrown(e.getCause());
        }
    }

    private static Submitted joined(CompletableFuture<Submitted> future) {
        try {
            return future.join();
        } catch (CompletionException e) {
            throw thrown(e.getCause());
        }
    }

    private static RuntimeException thrown(@Nullable Throwable cause) {
        return cause instanceof RuntimeException known ? known : new IllegalStateException(cause);
    }

    private Submitted carriedOut(Operation operation, Asking asking, CompletableFuture<Submitted> begun) {
        try {
            return new Submitted.Ended(corridor.submit(operation, asking, new Told(begun, changed)));
        } catch (ProblemException e) {
            LOG.warn(
                    "{} by {}: {}",
                    operation.verb(),
                    asking.actor().person(),
                    e.problem().text());
            throw e;
        } catch (RuntimeException e) {
            LOG.error(
                    "{} by {} met a fault of our own",
                    operation.verb(),
                    asking.actor().person(),
                    e);
            throw e;
        } finally {
            changed.run();
            room.release();
        }
    }

    private record Told(CompletableFuture<Submitted> begun, Runnable changed) implements Observer {
        @Override
        public void begun(RunId run) {
            changed.run();
            begun.complete(new Submitted.GoesOn(run));
        }

        @Override
        public void stepBegun(RunId run, int step, String name, long total, Unit unit) {}

        @Override
        public void stepMoved(RunId run, int step, long done) {}

        @Override
        public void stepEnded(RunId run, int step, long done) {}

        @Override
        public void warned(RunId run, String text) {
            LOG.warn("run {}: {}", run, text);
        }
    }

    /// Waits until all have ended; who wants that to be soon has cancelled them.
    @Override
    public void close() {
        threads.close();
    }
}
