package io.pgcharter.capability.alert;

import io.pgcharter.model.alert.Receiver;
import io.pgcharter.model.problem.ProblemException;
import io.pgcharter.platform.notice.Messenger;
import io.pgcharter.platform.state.Outbox;
import io.pgcharter.platform.state.Outbox.Claimed;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.jdbi.v3.core.JdbiException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Sends what is in the outbox: to each receiver one notice at a time, to all receivers side by side, so that a
/// slow one holds up nobody else. Closing it waits for what is being sent.
final class Delivery implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Delivery.class);

    private final Map<String, Receiver> receivers;
    private final Outbox outbox;
    private final Messenger messenger;
    private final Set<String> busy = ConcurrentHashMap.newKeySet();
    private final AtomicLong delivered = new AtomicLong();
    private final ExecutorService executor = Executors.newVirtualThreadPerTaskExecutor();

    Delivery(Map<String, Receiver> receivers, Outbox outbox, Messenger messenger) {
        this.receivers = receivers;
        this.outbox = outbox;
        this.messenger = messenger;
    }

    /// How many arrived so far.
    long delivered() {
        return delivered.get();
    }

    /// Begins to send what is due.
    ///
    /// @param run whose name it is sent in
    void begin(String run) {
        for (Claimed claimed : outbox.claim(run, busy)) {
            busy.add(claimed.notice().receiver());
            Future<?> unused = executor.submit(() -> deliver(run, claimed));
        }
    }

    /// Does work that may wait for a network, beside the sending.
    void beside(Runnable work) {
        Future<?> unused = executor.submit(work);
    }

    private void deliver(String run, Claimed claimed) {
        String name = claimed.notice().receiver();
        try {
            send(name, claimed);
        } finally {
            busy.remove(name);
        }
        if (!executor.isShutdown()) {
            // What waits for the same receiver does not wait for the next look.
            begin(run);
        }
    }

    private void send(String name, Claimed claimed) {
        try {
            Receiver receiver = receivers.get(name);
            if (receiver == null) {
                outbox.refused(claimed, "the charter names no such receiver any more");
                return;
            }
            try {
                messenger.send(receiver, claimed.number(), claimed.notice());
            } catch (ProblemException e) {
                LOG.warn("{} (try {})", e.problem().text(), claimed.attempt());
                outbox.refused(claimed, e.problem().cause());
                return;
            }
            outbox.delivered(claimed);
            delivered.incrementAndGet();
        } catch (JdbiException e) {
            // The claim runs out, and the notice is sent again: twice is better than never.
            LOG.warn("what became of notice {} cannot be noted: {}", claimed.number(), e.getMessage());
        }
    }

    @Override
    public void close() {
        executor.shutdown();
        try {
            if (!executor.awaitTermination(Messenger.SENDING_MAX.toSeconds(), TimeUnit.SECONDS)) {
                executor.shutdownNow();
            }
        } catch (InterruptedException e) {
            executor.shutdownNow();
            Thread.currentThread().interrupt();
        }
    }
}
