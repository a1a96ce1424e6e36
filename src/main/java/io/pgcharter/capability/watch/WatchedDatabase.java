package io.pgcharter.capability.watch;

import io.pgcharter.model.problem.ProblemException;
import io.pgcharter.platform.metrics.DatabaseMeter;
import io.pgcharter.platform.metrics.Measurement;
import io.pgcharter.platform.metrics.StatementMeter;
import io.pgcharter.platform.postgres.PostgresUrl;
import io.pgcharter.platform.postgres.Session;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ScheduledExecutorService;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// One database and the session over which it is sampled. Used by one thread at a time, but for [#isSlow].
final class WatchedDatabase implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(WatchedDatabase.class);

    /// Who has not answered by then is asked again by the slow lane.
    static final Duration QUICK_MAX = Duration.ofSeconds(1);

    /// Who has not answered by then, connecting included, counts as down.
    static final Duration ANSWER_MAX = Duration.ofSeconds(5);

    private final String subject;
    private final Supplier<PostgresUrl> place;
    private final Lanes lanes;
    private final ScheduledExecutorService timer;
    private final DatabaseMeter meter;
    private final StatementMeter statements;
    private @Nullable Session session;
    private @Nullable String keptOn;
    private volatile boolean slow;

    /// @param place looks the URL up; anew for each connection, for secrets change
    WatchedDatabase(
            String subject,
            Supplier<PostgresUrl> place,
            Lanes lanes,
            ScheduledExecutorService timer,
            StatementMeter statements) {
        this.subject = subject;
        this.place = place;
        this.lanes = lanes;
        this.timer = timer;
        this.meter = new DatabaseMeter(subject);
        this.statements = statements;
    }

    /// Whether it took long, or did not answer at all, when it was asked last.
    boolean isSlow() {
        return slow;
    }

    /// Measures it. A database that does not answer in time is a measurement that says so.
    Measurement sample() throws InterruptedException {
        if (!slow) {
            try {
                return attempt(QUICK_MAX);
            } catch (ProblemException tooSlow) {
                slow = true;
                LOG.debug("{} is slow: {}", subject, tooSlow.problem().fact());
            }
        }
        try {
            return attempt(ANSWER_MAX);
        } catch (ProblemException silent) {
            LOG.debug("{} does not answer: {}", subject, silent.problem().text());
            return meter.silent();
        }
    }

    private Measurement attempt(Duration limit) throws InterruptedException {
        if (session != null) {
            try (Lanes.Place _ = lane()) {
                return ask(limit);
            }
        }
        PostgresUrl url = place.get();
        try (Lanes.Place _ = lanes.connecting(url.server());
                Lanes.Place _ = lane()) {
            if (lanes.keep(url.server())) {
                keptOn = url.server();
            }
            return ask(limit, bounded(url));
        }
    }

    private Lanes.Place lane() throws InterruptedException {
        return slow ? lanes.slow() : lanes.quick();
    }

    private Measurement ask(Duration limit) {
        return ask(limit, null);
    }

    /// @param url where to connect to first; null to use the session there is
    private Measurement ask(Duration limit, @Nullable PostgresUrl url) {
        long begun = System.nanoTime();
        boolean whole = false;
        try (Deadline _ = new Deadline(timer, limit)) {
            Session open = url == null ? Objects.requireNonNull(session) : Session.open(url, "watch");
            session = open;
            Measurement measured = meter.measure(open, begun);
            if (statements.isDue()) {
                meter.keep(statements.read(open));
            }
            whole = true;
            slow = System.nanoTime() - begun > QUICK_MAX.toNanos() / 2;
            return measured;
        } finally {
            if (!whole || keptOn == null) {
                leave();
            }
        }
    }

    private static PostgresUrl bounded(PostgresUrl url) {
        Map<String, String> parameters = new HashMap<>(url.parameters());
        parameters.putIfAbsent("connect_timeout", Long.toString(ANSWER_MAX.toSeconds()));
        return new PostgresUrl(url.host(), url.port(), url.database(), url.user(), url.password(), parameters);
    }

    private void leave() {
        if (session != null) {
            session.close();
            session = null;
        }
        if (keptOn != null) {
            lanes.forget(keptOn);
            keptOn = null;
        }
    }

    @Override
    public void close() {
        leave();
    }
}
