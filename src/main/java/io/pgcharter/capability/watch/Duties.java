package io.pgcharter.capability.watch;

import io.pgcharter.model.problem.ProblemException;
import java.time.Duration;
import java.util.concurrent.DelayQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.LongAdder;
import org.jdbi.v3.core.JdbiException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Does duties when they are due, each on a virtual thread. One that fails is logged and done again at its next
/// time.
final class Duties implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Duties.class);

    private final DelayQueue<Duty> due = new DelayQueue<>();
    private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
    private final LongAdder missed = new LongAdder();

    void add(Duty duty) {
        due.add(duty);
    }

    /// Begins what is due, waiting at most `limit` for the first of it.
    void begin(Duration limit) throws InterruptedException {
        Duty duty = due.poll(limit.toNanos(), TimeUnit.NANOSECONDS);
        while (duty != null) {
            Duty next = duty;
            var unused = threads.submit(() -> once(next));
            duty = due.poll();
        }
    }

    /// Times that were left out because the one before took too long, since the last call.
    long missed() {
        return missed.sumThenReset();
    }

    private void once(Duty duty) {
        try {
            if (!duty.isDropped()) {
                duty.run();
            }
        } catch (InterruptedException stopped) {
            Thread.currentThread().interrupt();
            return;
        } catch (ProblemException e) {
            LOG.warn("{}: {}", duty.name(), e.problem().text());
        } catch (JdbiException e) {
            LOG.warn("{}: the control database did not answer: {}", duty.name(), e.getMessage());
        } catch (RuntimeException e) {
            LOG.error("{}: a fault of our own", duty.name(), e);
        }
        if (duty.isDropped()) {
            duty.end();
        } else {
            missed.add(duty.advance());
            due.add(duty);
        }
    }

    /// Interrupts what is being done and waits for it.
    @Override
    public void close() {
        threads.shutdownNow();
        threads.close();
    }
}
