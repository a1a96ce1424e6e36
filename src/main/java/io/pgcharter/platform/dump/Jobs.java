package io.pgcharter.platform.dump;

import io.pgcharter.model.operation.Run;
import io.pgcharter.model.problem.ProblemException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// Carries out tasks on a fixed number of workers side by side. The first failure, or a cancelled run, stops them
/// all.
///
/// @param <W> what each thread works with, such as a session
final class Jobs<W extends Jobs.Worker> {
    /// How often the waiting thread asks whether the run may go on.
    private static final long CHECK_MILLIS = 200;

    private final int count;
    private final Run run;
    private final Supplier<W> opener;
    private final AtomicReference<@Nullable Throwable> failure = new AtomicReference<>();

    /// @param count workers at most, at least 1
    Jobs(int count, Run run, Supplier<W> opener) {
        this.count = count;
        this.run = run;
        this.opener = opener;
    }

    /// What one thread works with.
    interface Worker extends AutoCloseable {
        /// Makes what the worker does end soon, with an error. Callable from any thread.
        void cancel();

        @Override
        void close();
    }

    /// One piece of work.
    @FunctionalInterface
    interface Task<W> {
        void carryOut(W worker);
    }

    /// Where the next task comes from; asked by several threads.
    @FunctionalInterface
    interface Source<W> {
        /// @return null when there is no more
        @Nullable
        Task<W> next();
    }

    /// Gives each worker the next task until there is none. Returns when all are done and closed; throws the first
    /// failure. To be called once.
    void carryOut(int taskCount, Source<W> source) {
        List<W> workers = new ArrayList<>();
        try {
            for (int i = 0; i < Math.min(count, taskCount); i++) {
                workers.add(opener.get());
            }
            work(workers, source);
        } finally {
            workers.forEach(Worker::close);
        }
        switch (failure.get()) {
            case null -> {}
            case RuntimeException e -> throw e;
            case Error e -> throw e;
            case Throwable e -> throw new IllegalStateException("a job cannot throw this", e);
        }
    }

    private void work(List<W> workers, Source<W> source) {
        CountDownLatch running = new CountDownLatch(workers.size());
        // Platform threads: each moves bytes and computes without a pause, so there is nothing for a carrier to share.
        Thread.Builder threads = Thread.ofPlatform().name("pgcharter-job-", 1);
        for (W worker : workers) {
            threads.start(() -> {
                try {
                    drain(worker, source);
                } finally {
                    running.countDown();
                }
            });
        }
        while (!ended(running)) {
            // Each time again: a worker may have begun a task just after it was cancelled.
            if (failure.get() != null) {
                workers.forEach(Worker::cancel);
            }
        }
    }

    private void drain(W worker, Source<W> source) {
        try {
            while (failure.get() == null) {
                Task<W> task = source.next();
                if (task == null) {
                    return;
                }
                task.carryOut(worker);
            }
        } catch (RuntimeException | Error e) {
            failure.compareAndSet(null, e);
        }
    }

    private boolean ended(CountDownLatch running) {
        try {
            if (running.await(CHECK_MILLIS, TimeUnit.MILLISECONDS)) {
                return true;
            }
            run.check();
        } catch (ProblemException e) {
            failure.compareAndSet(null, e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            failure.compareAndSet(null, new IllegalStateException("interrupted while jobs run", e));
            return true;
        }
        return false;
    }
}
