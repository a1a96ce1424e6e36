package io.pgcharter.platform.metrics;

import io.pgcharter.platform.postgres.Session;
import java.util.EnumMap;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/// Measures one database again and again: remembers the counters of the time before, and what is measured more
/// rarely. Used by one thread at a time.
public final class DatabaseMeter {
    /// Measuring the size reads the length of every file.
    private static final long SIZE_PAUSE_NANOS = TimeUnit.MINUTES.toNanos(10);

    private final String subject;
    private @Nullable Counts before;
    private final Map<Metric, Double> kept = new EnumMap<>(Metric.class);
    private long sizeNanos;

    /// @param subject `database/payments`
    public DatabaseMeter(String subject) {
        this.subject = subject;
    }

    /// Measures over a session; one round trip.
    ///
    /// @param sinceNanos when the attempt began, by `System.nanoTime()`
    /// @throws io.pgcharter.model.problem.ProblemException as [Session#query]
    public Measurement measure(Session session, long sinceNanos) {
        boolean withSize = !kept.containsKey(Metric.DATABASE_BYTES) || System.nanoTime() - sizeNanos > SIZE_PAUSE_NANOS;
        ServerQuery.Answer answer =
                ServerQuery.of(session.serverMajor(), withSize).ask(session);
        long now = System.nanoTime();
        Map<Metric, Double> measured = new EnumMap<>(kept);
        measured.putAll(answer.gauges());
        measured.put(Metric.UP, 1.0);
        measured.put(Metric.ANSWER_SECONDS, (now - sinceNanos) / 1e9);
        if (before != null) {
            measured.putAll(answer.counts().since(before));
        }
        before = answer.counts();
        if (withSize) {
            sizeNanos = now;
            keep(Metric.DATABASE_BYTES, answer.gauges().get(Metric.DATABASE_BYTES));
        }
        return new Measurement(subject, now, Measures.of(measured));
    }

    /// What is entered of a database that did not answer: that, and nothing else.
    public Measurement silent() {
        kept.clear();
        return new Measurement(subject, System.nanoTime(), Measures.of(Map.of(Metric.UP, 0.0)));
    }

    /// Shows what is measured more rarely in every sample until it is measured again, in place of what was shown so
    /// far.
    public void keep(Map<Metric, Double> rare) {
        kept.keySet().removeIf(metric -> metric != Metric.DATABASE_BYTES);
        kept.putAll(rare);
    }

    private void keep(Metric metric, @Nullable Double value) {
        if (value == null) {
            kept.remove(metric);
        } else {
            kept.put(metric, value);
        }
    }
}
