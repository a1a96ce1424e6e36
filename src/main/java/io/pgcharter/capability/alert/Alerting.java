package io.pgcharter.capability.alert;

import io.pgcharter.model.alert.Topic;
import io.pgcharter.model.operation.Report;
import io.pgcharter.model.operation.Run;
import io.pgcharter.model.operation.ServingOperation;
import io.pgcharter.model.problem.ProblemException;
import io.pgcharter.platform.notice.Messenger;
import io.pgcharter.platform.state.AlertBook;
import io.pgcharter.platform.state.AlertSitting;
import io.pgcharter.platform.state.Outbox;
import io.pgcharter.policy.alert.AlertRules;
import io.pgcharter.policy.alert.Decision;
import io.pgcharter.policy.alert.Situation;
import io.pgcharter.policy.charter.AlertPlan;
import io.pgcharter.policy.charter.Charter;
import io.pgcharter.policy.guard.Permit;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.util.HexFormat;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Supplier;
import org.jdbi.v3.core.JdbiException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Looks again and again at verdicts and ended runs, decides who is told what, and sends it. May run on every node:
/// one of them decides at a time, each sends what it claimed. All that is decided is in the control database before
/// anything is sent. Thread-safe.
public final class Alerting {
    private static final Logger LOG = LoggerFactory.getLogger(Alerting.class);
    private static final Duration LOOK_MIN = Duration.ofMillis(250);
    private static final Duration LOOK_MAX = Duration.ofSeconds(5);
    private static final Duration FORGET_PAUSE = Duration.ofHours(1);

    private final AlertPlan plan;
    private final AlertRules rules;
    private final AlertBook book;
    private final Outbox outbox;
    private final Messenger messenger;
    private final AtomicBoolean stops = new AtomicBoolean();
    private final Semaphore wake = new Semaphore(0);

    public Alerting(Charter charter, AlertBook book, Outbox outbox, Messenger messenger) {
        this.plan = charter.serving().alerts();
        this.rules = new AlertRules(charter, newIds());
        this.book = book;
        this.outbox = outbox;
        this.messenger = messenger;
    }

    static Supplier<String> newIds() {
        SecureRandom random = new SecureRandom();
        return () -> {
            byte[] bytes = new byte[16];
            random.nextBytes(bytes);
            return HexFormat.of().formatHex(bytes);
        };
    }

    /// Goes on until [#stop] is called or the run is cancelled.
    ///
    /// @throws ProblemException `CANCELLED`; `LEASE_LOST` when the control database is gone for long
    public Report.Alert run(Permit permit, ServingOperation.Alert operation, Run run) {
        permit.consume(operation);
        Instant since = book.now();
        Signals signals = new Signals(plan.pace());
        long forgotten = System.nanoTime() - FORGET_PAUSE.toNanos();
        try (Delivery delivery = new Delivery(plan.receivers(), outbox, messenger)) {
            while (!stops.get()) {
                run.check();
                try {
                    look(signals, since, delivery);
                    delivery.begin(run.id().text());
                    if (System.nanoTime() - forgotten >= FORGET_PAUSE.toNanos()) {
                        book.forget();
                        forgotten = System.nanoTime();
                    }
                } catch (JdbiException e) {
                    // What was decided and not entered is decided again. The run's check counts how long this lasts.
                    LOG.warn("the control database failed: {}", e.getMessage());
                }
                pause(run);
            }
            return new Report.Alert(delivery.delivered());
        }
    }

    /// Asks [#run] to return. Once stopped it stays so.
    public void stop() {
        stops.set(true);
        wake.release();
    }

    /// Lets time go by. A run hears within a second that it is cancelled.
    private void pause(Run run) {
        Duration group = plan.pace().groupFor().dividedBy(2);
        Duration look = group.compareTo(LOOK_MAX) > 0 ? LOOK_MAX : group.compareTo(LOOK_MIN) < 0 ? LOOK_MIN : group;
        long end = System.nanoTime() + look.toNanos();
        while (!stops.get() && System.nanoTime() - end < 0) {
            run.check();
            try {
                long left = Math.min(end - System.nanoTime(), TimeUnit.SECONDS.toNanos(1));
                if (wake.tryAcquire(left, TimeUnit.NANOSECONDS)) {
                    return;
                }
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                return;
            }
        }
    }

    /// Decides, if no other node does right now. Whoever has decided tells the service outside that all is alive.
    private void look(Signals signals, Instant since, Delivery delivery) {
        AtomicBoolean isSilent = new AtomicBoolean();
        boolean held = book.sit(sitting -> isSilent.set(decide(sitting, signals.read(sitting, since))));
        if (held && !isSilent.get()) {
            plan.deadMan().filter(man -> book.takeCall(man.every())).ifPresent(man -> delivery.beside(() -> call(man)));
        }
    }

    /// @return whether no check judges anything any more: then not all is alive
    private boolean decide(AlertSitting sitting, Situation situation) {
        Decision decision = rules.decide(situation);
        sitting.enter(decision.changed(), decision.dropped(), decision.notices());
        return situation.silent().containsKey(Topic.INSTALLATION);
    }

    private void call(AlertPlan.DeadMan man) {
        try {
            messenger.call(man.url(), man.authorities());
        } catch (ProblemException e) {
            LOG.warn("{}", e.problem().text());
            book.missCall();
        }
    }
}
