package io.pgcharter.entry.web;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.LongSupplier;

/// So many requests a second for each client, and a burst of them. On this node; a fleet of nodes allows as many times
/// more. Thread-safe; remembers the [#CLIENTS_MAX] last seen.
final class RateLimit {
    private static final int CLIENTS_MAX = 10_000;

    private final double perSecond;
    private final double burst;
    private final LongSupplier nanos;
    private final Map<String, Bucket> buckets = new LinkedHashMap<>(64, 0.75f, true) {
        @Override
        protected boolean removeEldestEntry(Map.Entry<String, Bucket> eldest) {
            return size() > CLIENTS_MAX;
        }
    };

    /// @param nanos a clock that never goes back, such as `System::nanoTime`
    RateLimit(double perSecond, double burst, LongSupplier nanos) {
        this.perSecond = perSecond;
        this.burst = burst;
        this.nanos = nanos;
    }

    private record Bucket(double left, long atNanos) {}

    /// Counts one request.
    ///
    /// @return whether it may be served
    synchronized boolean admits(String client) {
        long now = nanos.getAsLong();
        Bucket bucket = buckets.getOrDefault(client, new Bucket(burst, now));
        double left = Math.min(burst, bucket.left() + (now - bucket.atNanos()) / 1e9 * perSecond);
        boolean admitted = left >= 1;
        buckets.put(client, new Bucket(admitted ? left - 1 : left, now));
        return admitted;
    }
}
