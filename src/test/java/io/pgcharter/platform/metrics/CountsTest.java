package io.pgcharter.platform.metrics;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/// Rates from counters.
class CountsTest {
    private static final long SECOND = 1_000_000_000L;

    private static Counts counts(String origin, long seconds, Map<Counter, Double> values) {
        return new Counts(origin, seconds * SECOND, values);
    }

    @Test
    void a_counter_becomes_growth_by_the_second() {
        Counts before = counts("a", 10, Map.of(Counter.COMMITS, 100.0, Counter.TEMP_BYTES, 0.0));
        Counts after = counts("a", 20, Map.of(Counter.COMMITS, 150.0, Counter.TEMP_BYTES, 0.0));

        assertThat(after.since(before))
                .containsOnly(Map.entry(Metric.COMMITS_PER_SECOND, 5.0), Map.entry(Metric.TEMP_BYTES_PER_SECOND, 0.0));
    }

    @Test
    void a_counter_that_went_backwards_or_was_not_known_has_no_rate() {
        Counts before = counts("a", 10, Map.of(Counter.COMMITS, 100.0, Counter.ROLLBACKS, 3.0));
        Counts after =
                counts("a", 20, Map.of(Counter.COMMITS, 7.0, Counter.ROLLBACKS, 4.0, Counter.DEADLOCKS, 1_000.0));

        assertThat(after.since(before)).containsOnly(Map.entry(Metric.ROLLBACKS_PER_SECOND, 0.1));
    }

    @Test
    void a_server_started_anew_or_reset_statistics_give_no_rate_even_if_counters_are_higher_by_now() {
        Counts before = counts("started 1", 10, Map.of(Counter.COMMITS, 100.0));
        Counts after = counts("started 2", 20, Map.of(Counter.COMMITS, 5_000_000.0));

        assertThat(after.since(before)).isEmpty();
        assertThat(before.since(before)).as("no time passed").isEmpty();
    }

    @Test
    void the_hit_ratio_is_that_of_the_time_between_and_none_where_nothing_was_read() {
        Counts before = counts("a", 10, Map.of(Counter.BLOCKS_HIT, 1_000.0, Counter.BLOCKS_READ, 1_000.0));
        Counts after = counts("a", 20, Map.of(Counter.BLOCKS_HIT, 1_090.0, Counter.BLOCKS_READ, 1_010.0));
        Counts idle = counts("a", 30, Map.of(Counter.BLOCKS_HIT, 1_090.0, Counter.BLOCKS_READ, 1_010.0));

        assertThat(after.since(before)).containsEntry(Metric.CACHE_HIT_RATIO, 0.9);
        assertThat(idle.since(after))
                .doesNotContainKey(Metric.CACHE_HIT_RATIO)
                .containsKey(Metric.BLOCKS_READ_PER_SECOND);
    }

    @Test
    void positions_in_the_control_database_are_dense_and_a_value_that_is_missing_stays_missing() {
        assertThat(Arrays.stream(Metric.values()).map(Metric::position))
                .containsExactlyElementsOf(
                        IntStream.rangeClosed(1, Metric.values().length).boxed().toList());
        Measures measures = Measures.of(Map.of(Metric.UP, 1.0, Metric.XID_AGE, Double.NaN));
        assertThat(measures.of(Metric.UP)).hasValue(1);
        assertThat(measures.of(Metric.XID_AGE)).isEmpty();
        assertThat(measures.text()).startsWith("{1.0,NULL,NULL,");
        assertThat(Measures.of(new Object[] {1f, null}).all()).containsOnlyKeys(Metric.UP);
    }
}
