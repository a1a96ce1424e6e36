package io.pgcharter.policy.release;

import static org.assertj.core.api.Assertions.assertThat;

import io.pgcharter.policy.release.Watchfulness.Before;
import io.pgcharter.policy.release.Watchfulness.Cost;
import io.pgcharter.policy.release.Watchfulness.Since;
import io.pgcharter.policy.release.Watchfulness.Statement;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import org.junit.jupiter.api.Test;

class WatchfulnessTest {
    private static final Before UNKNOWN =
            new Before(OptionalDouble.empty(), OptionalDouble.empty(), Duration.ZERO, Map.of());
    private static final Before CALM = new Before(
            OptionalDouble.of(1), OptionalDouble.of(0.5), Duration.ofHours(1), Map.of(7L, new Cost(1000, 2000)));

    private static Since since(int unreached, long rollbacks, long deadlocks, int waiting) {
        return new Since(Duration.ofSeconds(10), unreached, rollbacks, deadlocks, waiting, Map.of());
    }

    private static List<String> slow(long calls, double milliseconds) {
        return Watchfulness.faults(
                CALM,
                new Since(
                        Duration.ofSeconds(10),
                        0,
                        0,
                        0,
                        0,
                        Map.of(7L, new Statement("select a", new Cost(calls, milliseconds)))));
    }

    @Test
    void a_database_that_does_as_before_has_no_fault() {
        assertThat(Watchfulness.faults(CALM, since(0, 30, 15, 0))).isEmpty();
        assertThat(Watchfulness.faults(UNKNOWN, since(2, 1000, 0, 1))).isEmpty();
    }

    @Test
    void one_that_does_not_answer_three_times_in_a_row_is_a_fault() {
        assertThat(Watchfulness.faults(UNKNOWN, since(3, 0, 0, 0)))
                .containsExactly("it did not answer 3 times in a row");
    }

    @Test
    void who_waits_for_a_lock_at_two_looks_in_a_row_is_a_fault() {
        assertThat(Watchfulness.faults(UNKNOWN, since(0, 0, 0, 2)))
                .singleElement()
                .asString()
                .contains("wait for a lock");
    }

    @Test
    void any_deadlock_is_one_too_many_where_nothing_is_known_and_many_where_something_is() {
        assertThat(Watchfulness.faults(UNKNOWN, since(0, 0, 1, 0)))
                .containsExactly("1 deadlocks in 10 s, of the hour before nothing is known");
        assertThat(Watchfulness.faults(CALM, since(0, 0, 16, 0)))
                .containsExactly("16 deadlocks in 10 s, at most 0.50 a second before");
    }

    @Test
    void more_than_three_times_as_many_rolled_back_transactions_are_a_fault_but_a_handful_is_not() {
        assertThat(Watchfulness.faults(CALM, since(0, 31, 0, 0)))
                .containsExactly("31 transactions rolled back in 10 s, at most 1.00 a second before");
        Before never = new Before(OptionalDouble.of(0), OptionalDouble.empty(), Duration.ZERO, Map.of());
        assertThat(Watchfulness.faults(never, since(0, 9, 0, 0))).isEmpty();
        assertThat(Watchfulness.faults(never, since(0, 10, 0, 0))).hasSize(1);
    }

    @Test
    void a_statement_that_takes_three_times_as_long_is_a_fault_once_it_has_cost_a_second() {
        assertThat(slow(200, 1200)).hasSize(0);
        assertThat(slow(250, 1500)).containsExactly("a statement takes 6.00 ms, before it took 2.00 ms: select a");
        assertThat(slow(9, 9000)).isEmpty();
        assertThat(slow(250, 1400)).isEmpty();
    }
}
