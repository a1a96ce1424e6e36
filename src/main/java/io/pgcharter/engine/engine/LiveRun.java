package io.pgcharter.engine.engine;

import io.pgcharter.model.id.RunId;
import io.pgcharter.model.operation.Operation;
import io.pgcharter.model.operation.Report;
import io.pgcharter.model.operation.Run;
import io.pgcharter.model.problem.ProblemCode;
import io.pgcharter.model.problem.ProblemException;
import io.pgcharter.platform.state.State;
import io.pgcharter.policy.guard.Context.Approval;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.BiFunction;
import org.jdbi.v3.core.JdbiException;
import org.jspecify.annotations.Nullable;

/// A run that is going on in this process: keeps its lease alive, hears of its cancellation, tells its observer
/// how far it is. Thread-safe.
final class LiveRun implements Run, AutoCloseable {
    /// The least time between two reports of one step.
    private static final long REPORT_NANOS = TimeUnit.MILLISECONDS.toNanos(100);

    private static final int STEPS_SHOWN = 20;

    private final RunId id;
    private final Runs runs;
    private final Runs.Lease lease;
    private final Observer observer;
    private final BiFunction<LiveRun, Operation, Report> parts;
    private final AtomicInteger begun = new AtomicInteger();
    private final ConcurrentSkipListMap<Integer, ObservedStep> steps = new ConcurrentSkipListMap<>();
    private final CountDownLatch over = new CountDownLatch(1);
    private final Thread heart;
    private volatile Runs.Pulse pulse = Runs.Pulse.GO_ON;
    private volatile @Nullable LiveRun whole;
    private volatile Agreement agreement = new Agreement(List.of(), Instant.EPOCH);
    private volatile long reachedNanos = System.nanoTime();

    /// @param parts carries out what is submitted as a part of this run
    LiveRun(RunId id, Runs runs, Runs.Lease lease, Observer observer, BiFunction<LiveRun, Operation, Report> parts) {
        this.id = id;
        this.parts = parts;
        this.runs = runs;
        this.lease = lease;
        this.observer = observer;
        this.heart = Thread.ofVirtual().name("pgcharter-heart-" + id).start(this::keepAlive);
    }

    @Override
    public RunId id() {
        return id;
    }

    /// Asks the run to stop at its next check.
    void cancel() {
        pulse = Runs.Pulse.CANCEL;
    }

    /// Watches a part of this run for whoever watches this run.
    Observer partObserver() {
        return new PartObserver(id, begun::incrementAndGet, observer);
    }

    /// Says which run this one is a part of: what stops that one stops this one.
    void belongTo(LiveRun other) {
        whole = other;
    }

    /// Says what people had agreed to when this run began.
    void agree(List<Approval> given, Instant begun) {
        agreement = new Agreement(given, begun);
    }

    /// What people agreed to for this run, as old as it was when the run began: it does not run out before its end.
    List<Approval> approvals(Instant now) {
        Agreement had = agreement;
        Duration since = Duration.between(had.begun(), now);
        return had.given().stream()
                .map(given -> new Approval(given.person(), given.givenAt().plus(since)))
                .toList();
    }

    private record Agreement(List<Approval> given, Instant begun) {}

    @Override
    public void check() {
        LiveRun outer = whole;
        if (outer != null) {
            outer.check();
        }
        switch (pulse) {
            case GO_ON -> {
                if (System.nanoTime() - reachedNanos > Runs.patience().toNanos()) {
                    throw lost("the control database did not answer for "
                            + Runs.patience().toSeconds() + " s");
                }
            }
            case CANCEL ->
                throw new ProblemException(
                        ProblemCode.CANCELLED,
                        "run " + id + " was cancelled",
                        "a person asked for it",
                        "run the command again when you want it; nothing half-done was made visible");
            case LOST -> throw lost("another run has taken the target, or the run was declared dead");
        }
    }

    private ProblemException lost(String cause) {
        return new ProblemException(
                ProblemCode.LEASE_LOST,
                "run " + id + " lost its hold on " + lease.target().orElse("its place"),
                cause,
                "see 'pgcharter journal' for who holds it now, then run the command again");
    }

    @Override
    public void fence() {
        boolean isAsked = false;
        while (!isAsked) {
            check(); // ends a wait that was too long
            try {
                take(runs.beat(id, lease, steps()));
                isAsked = true;
            } catch (JdbiException e) {
                if (!State.isAway(e)) {
                    throw lost("the control database cannot be asked: " + e.getMessage());
                }
                pause();
            }
        }
        check();
    }

    /// Until the control database may be there again.
    private void pause() {
        try {
            boolean unused = over.await(Runs.again().toMillis(), TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            cancel();
        }
    }

    private void take(Runs.Pulse heard) {
        reachedNanos = System.nanoTime();
        // A cancellation of our own is not undone by the database not knowing of it.
        if (heard != Runs.Pulse.GO_ON) {
            pulse = heard;
        }
    }

    private void beat() {
        try {
            take(runs.beat(id, lease, steps()));
        } catch (JdbiException _) {
            // check() counts how long the database has been silent; the next beat may reach it.
        }
    }

    private void keepAlive() {
        try {
            while (!over.await(Runs.heartbeat().toMillis(), TimeUnit.MILLISECONDS)) {
                beat();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    @Override
    public Report submit(Operation part) {
        check();
        return parts.apply(this, part);
    }

    @Override
    public Step begin(String name, long total, Unit unit) {
        int number = begun.incrementAndGet();
        observer.stepBegun(id, number, name, total, unit);
        ObservedStep step = new ObservedStep(number, name, total, unit);
        steps.put(number, step);
        steps.headMap(number - STEPS_SHOWN, true).clear();
        return step;
    }

    /// How far the run is, the newest steps only.
    List<RunStep> steps() {
        return steps.values().stream().map(ObservedStep::now).toList();
    }

    @Override
    public void close() {
        over.countDown();
        try {
            heart.join();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private final class ObservedStep implements Step {
        private final int number;
        private final String name;
        private final long total;
        private final Unit unit;
        private volatile boolean ended;
        private final LongAdder done = new LongAdder();
        private final AtomicLong reportedNanos = new AtomicLong(System.nanoTime());

        ObservedStep(int number, String name, long total, Unit unit) {
            this.number = number;
            this.name = name;
            this.total = total;
            this.unit = unit;
        }

        RunStep now() {
            return new RunStep(number, name, unit, total, done.sum(), ended);
        }

        @Override
        public void add(long count) {
            done.add(count);
            long last = reportedNanos.get();
            long now = System.nanoTime();
            if (now - last >= REPORT_NANOS && reportedNanos.compareAndSet(last, now)) {
                observer.stepMoved(id, number, done.sum());
            }
        }

        @Override
        public void close() {
            ended = true;
            observer.stepEnded(id, number, done.sum());
        }
    }
}
