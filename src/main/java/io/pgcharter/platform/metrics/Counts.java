package io.pgcharter.platform.metrics;

import java.util.EnumMap;
import java.util.Map;

/// The counters of a server as they stood at one time.
///
/// @param origin changes when the server starts anew, or its statistics are reset: then nothing can be compared
/// @param nanos when they were read, by `System.nanoTime()`: servers' clocks may be set
record Counts(String origin, long nanos, Map<Counter, Double> values) {
    private static final double NANOS_PER_SECOND = 1e9;

    /// How fast they went since `earlier`. What went backwards, or was not known then, is left out: a reset never
    /// shows as a huge or negative rate.
    Map<Metric, Double> since(Counts earlier) {
        Map<Metric, Double> rates = new EnumMap<>(Metric.class);
        double seconds = (nanos - earlier.nanos) / NANOS_PER_SECOND;
        if (!origin.equals(earlier.origin) || seconds <= 0) {
            return rates;
        }
        Map<Counter, Double> grown = new EnumMap<>(Counter.class);
        values.forEach((counter, value) -> {
            Double before = earlier.values.get(counter);
            if (before != null && value >= before) {
                grown.put(counter, value - before);
            }
        });
        grown.forEach((counter, growth) -> {
            if (counter != Counter.BLOCKS_HIT) {
                rates.put(counter.metric(), growth / seconds);
            }
        });
        Double hit = grown.get(Counter.BLOCKS_HIT);
        Double read = grown.get(Counter.BLOCKS_READ);
        // Where nothing was read there is no ratio.
        if (hit != null && read != null && hit + read > 0) {
            rates.put(Metric.CACHE_HIT_RATIO, hit / (hit + read));
        }
        return rates;
    }
}
