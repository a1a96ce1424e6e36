package io.pgcharter.entry.serve;

import java.util.List;
import java.util.concurrent.CountDownLatch;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Everything that runs while `pgcharter serve` runs: started in order, stopped in reverse.
public final class Daemon {
    private static final Logger LOG = LoggerFactory.getLogger(Daemon.class);

    private final List<Part> parts;
    private final CountDownLatch stop = new CountDownLatch(1);

    public Daemon(List<Part> parts) {
        this.parts = List.copyOf(parts);
    }

    /// Starts every part and returns when [#stop] was called and all have ended.
    ///
    /// @throws io.pgcharter.model.problem.ProblemException what kept a part from starting; the others are stopped
    public void run() {
        try {
            for (Part part : parts) {
                part.start();
                LOG.info("{} started", part.name());
            }
            stop.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } finally {
            parts.reversed().forEach(Daemon::end);
        }
    }

    /// Asks [#run] to return. Callable from any thread, any number of times.
    public void stop() {
        stop.countDown();
    }

    private static void end(Part part) {
        try {
            part.close();
            LOG.info("{} stopped", part.name());
        } catch (RuntimeException e) {
            // The other parts are stopped all the same.
            LOG.error("{} did not stop in order", part.name(), e);
        }
    }
}
