package io.pgcharter.entry.serve;

import io.pgcharter.model.problem.ProblemException;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Does one thing again and again, with a pause after each time. A failure is logged and tried again after the
/// pause: a control database that is gone for a minute ends nothing.
public final class Repeated implements Part {
    private static final Logger LOG = LoggerFactory.getLogger(Repeated.class);

    private static final Duration INTERRUPT_PAUSE = Duration.ofMillis(500);

    private final String name;
    private final Duration pause;
    private final Runnable work;
    private final Runnable interrupt;
    private final CountDownLatch over = new CountDownLatch(1);
    private @Nullable Thread thread;

    /// @param work one time; may go on for long, as a standing run does
    /// @param interrupt asks a `work` that goes on for long to end
    public Repeated(String name, Duration pause, Runnable work, Runnable interrupt) {
        this.name = name;
        this.pause = pause;
        this.work = work;
        this.interrupt = interrupt;
    }

    @Override
    public String name() {
        return name;
    }

    @Override
    public synchronized void start() {
        thread = Thread.ofVirtual().name("pgcharter-" + name).start(this::repeat);
    }

    private void repeat() {
        try {
            do {
                once();
            } while (!over.await(pause.toMillis(), TimeUnit.MILLISECONDS));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void once() {
        try {
            work.run();
        } catch (ProblemException e) {
            LOG.warn("{}: {}", name, e.problem().text());
        } catch (RuntimeException e) {
            LOG.error("{}: a fault of our own", name, e);
        }
    }

    @Override
    public synchronized void close() {
        over.countDown();
        if (thread != null) {
            try {
                // Again and again: it may have been about to begin when it was asked.
                do {
                    interrupt.run();
                } while (!thread.join(INTERRUPT_PAUSE));
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }
    }
}
