package io.pgcharter.policy.rehearsal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.pgcharter.model.operation.RehearsalReport.Lock;
import io.pgcharter.model.operation.RehearsalReport.Measure;
import io.pgcharter.model.operation.RehearsalReport.Performed;
import io.pgcharter.model.operation.RehearsalReport.Rows;
import io.pgcharter.model.operation.RehearsalReport.Standing;
import io.pgcharter.model.operation.RehearsalReport.Whole;
import io.pgcharter.model.sql.LockMode;
import io.pgcharter.policy.rehearsal.Traffic.Call;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.Set;
import org.junit.jupiter.api.Test;

class ReckoningTest {
    private static final Map<String, Long> HERE = Map.of("public.big", 100L, "public.small", 100L);
    private static final Map<String, Long> THERE = Map.of("public.big", 1_000L, "public.small", 50L);
    private static final Reckoning SIZED = new Reckoning(HERE, THERE, Set.of(), Optional.empty());

    private static Lock lock(String table, String mode) {
        return new Lock(table, table, mode, 0, 0, false, OptionalDouble.empty());
    }

    private static Measure measure(Standing standing, double millis, Map<String, Rows> rows, Lock... locks) {
        return new Measure(1, "", standing, millis, millis, 1, List.of(locks), List.of(), Optional.of(rows), 1_000, 0);
    }

    private static Map<String, Rows> read(String table) {
        return Map.of(table, new Rows(10, 0, 0, 0));
    }

    private static Performed performed(Measure... measures) {
        return new Performed("1_a", "1_a.sql", true, List.of(measures));
    }

    @Test
    void what_scans_grows_with_its_table_and_what_does_not_stays() {
        Performed scaled = SIZED.scaled(performed(
                measure(Standing.WITHIN, 10, read("public.big")),
                measure(Standing.WITHIN, 10, Map.of("public.big", new Rows(0, 3, 0, 0))),
                measure(Standing.COMMIT, 1, Map.of())));

        assertThat(scaled.statements()).extracting(Measure::scaledMillis).containsExactly(100.0, 10.0, 1.0);
        assertThat(scaled.statements()).extracting(Measure::factor).containsExactly(10.0, 1.0, 1.0);
    }

    @Test
    void a_table_that_is_smaller_there_or_not_known_makes_nothing_faster() {
        assertThat(SIZED.factor(measure(Standing.WITHIN, 10, read("public.small"))))
                .isEqualTo(1);
        assertThat(SIZED.factor(measure(Standing.WITHIN, 10, read("public.new"))))
                .isEqualTo(1);
        assertThat(SIZED.factor(measure(
                        Standing.WITHIN,
                        10,
                        Map.of("public.small", new Rows(1, 0, 0, 0), "public.big", new Rows(1, 0, 0, 0)))))
                .as("1,050 there against 200 here")
                .isEqualTo(5.25);
    }

    @Test
    void a_lock_lasts_from_its_statement_to_the_end_of_the_transaction() {
        Performed scaled = SIZED.scaled(performed(
                measure(Standing.WITHIN, 5, Map.of(), lock("public.small", "access exclusive")),
                measure(Standing.WITHIN, 10, read("public.big"), lock("public.big", "share")),
                measure(Standing.COMMIT, 1, Map.of()),
                measure(Standing.WITHIN, 7, Map.of(), lock("public.big", "access exclusive")),
                measure(Standing.COMMIT, 2, Map.of())));

        assertThat(scaled.statements().get(0).locks().getFirst().heldMillis()).isEqualTo(16);
        assertThat(scaled.statements().get(0).locks().getFirst().scaledHeldMillis())
                .as("the scan behind it is ten times as long there")
                .isEqualTo(106);
        assertThat(scaled.statements().get(1).locks().getFirst().scaledHeldMillis())
                .isEqualTo(101);
        assertThat(scaled.statements().get(3).locks().getFirst().scaledHeldMillis())
                .isEqualTo(9);
    }

    @Test
    void a_lock_that_was_sampled_keeps_its_time() {
        Lock sampled = new Lock("public.big", "public.big", "share", 3, 0, true, OptionalDouble.empty());

        Performed scaled = SIZED.scaled(performed(measure(Standing.ALONE, 50, read("public.big"), sampled)));

        assertThat(scaled.statements().getFirst().locks().getFirst().heldMillis())
                .isEqualTo(3);
        assertThat(scaled.statements().getFirst().locks().getFirst().scaledHeldMillis())
                .isEqualTo(30);
    }

    @Test
    void calls_wait_for_the_longest_lock_in_their_way_once_in_each_migration() {
        Traffic traffic = new Traffic(
                List.of(
                        new Call(100, Map.of("public.big", LockMode.ACCESS_SHARE)),
                        new Call(10, Map.of(".big", LockMode.ROW_EXCLUSIVE)),
                        new Call(1000, Map.of("public.other", LockMode.ROW_EXCLUSIVE))),
                "since noon");
        Reckoning reckoning = new Reckoning(Map.of(), Map.of(), Set.of(), Optional.of(traffic));
        Performed writers = reckoning.scaled(performed(
                measure(Standing.WITHIN, 1000, Map.of(), lock("public.big", "share")),
                measure(Standing.WITHIN, 500, Map.of(), lock("public.big", "access exclusive")),
                measure(Standing.COMMIT, 0, Map.of())));

        Whole whole = reckoning.whole(List.of(writers, writers), "");

        assertThat(writers.statements().get(0).locks().getFirst().calls()).hasValue(15);
        assertThat(writers.statements().get(1).locks().getFirst().calls()).hasValue(55);
        assertThat(whole.calls().orElseThrow())
                .as("readers wait 0.5 s, writers 1.5 s, twice")
                .isCloseTo(2 * (50 + 15), within(0.01));
        assertThat(whole.heldMillis()).isEqualTo(1500);
        assertThat(whole.callsBasis()).isEqualTo("since noon");
    }

    @Test
    void the_whole_counts_what_is_scaled() {
        Performed scaled = SIZED.scaled(performed(
                measure(Standing.WITHIN, 10, read("public.big"), lock("public.big", "row exclusive")),
                measure(Standing.COMMIT, 1, Map.of())));

        Whole whole = SIZED.whole(List.of(scaled), "no extension");

        assertThat(whole.scaledMillis()).isEqualTo(101);
        assertThat(whole.walBytes()).isEqualTo(11_000);
        assertThat(whole.heldMillis())
                .as("nobody waits who reads or writes rows")
                .isZero();
        assertThat(whole.calls()).isEmpty();
        assertThat(whole.callsBasis()).isEqualTo("no extension");
    }

    @Test
    void a_table_without_rows_is_not_counted_as_written_anew() {
        Reckoning reckoning = new Reckoning(HERE, THERE, Set.of("public.small"), Optional.empty());
        Measure rewriting = new Measure(
                1,
                "",
                Standing.WITHIN,
                1,
                1,
                1,
                List.of(),
                List.of("public.big", "public.small"),
                Optional.of(Map.of()),
                0,
                0);

        assertThat(reckoning.whole(List.of(performed(rewriting, rewriting)), "").rewritten())
                .isEqualTo(1);
    }
}
