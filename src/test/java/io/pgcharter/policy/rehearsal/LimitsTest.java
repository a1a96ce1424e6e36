package io.pgcharter.policy.rehearsal;

import static org.assertj.core.api.Assertions.assertThat;

import io.pgcharter.model.operation.RehearsalReport.Limit;
import io.pgcharter.model.operation.RehearsalReport.Verdict;
import io.pgcharter.model.operation.RehearsalReport.WayBack;
import io.pgcharter.model.operation.RehearsalReport.Whole;
import io.pgcharter.policy.charter.RehearsalPlan;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;

class LimitsTest {
    private static final WayBack WHOLE_WAY =
            new WayBack(List.of(), Optional.empty(), List.of(), List.of(), 3, Optional.of(List.of()));

    private static final RehearsalPlan ALL = new RehearsalPlan(
            Optional.of(Duration.ofMillis(100)),
            Optional.of(Duration.ofSeconds(2)),
            OptionalLong.of(1_000_000),
            OptionalInt.of(10),
            false,
            true,
            Duration.ofDays(7));

    private static Whole whole(double held, double time, long wal, int rewritten, OptionalDouble calls) {
        return new Whole(1, time, held, wal, rewritten, calls, "no extension");
    }

    private static List<Verdict> verdicts(List<Limit> limits) {
        return limits.stream().map(Limit::verdict).toList();
    }

    @Test
    void limits_are_kept_up_to_what_is_allowed() {
        List<Limit> limits =
                Limits.judge(ALL, whole(100, 2000, 1_000_000, 0, OptionalDouble.of(10)), false, Optional.of(WHOLE_WAY));

        assertThat(limits)
                .extracting(Limit::name)
                .containsExactly("held", "time", "wal", "calls", "rewrites", "way-back");
        assertThat(verdicts(limits)).containsOnly(Verdict.KEPT);
    }

    @Test
    void each_limit_can_be_passed() {
        List<Limit> limits = Limits.judge(
                ALL,
                whole(100.1, 2000.1, 1_000_001, 1, OptionalDouble.of(10.1)),
                false,
                Optional.of(new WayBack(List.of("1_a"), Optional.empty(), List.of(), List.of(), 0, Optional.empty())));

        assertThat(verdicts(limits)).hasSize(6).containsOnly(Verdict.EXCEEDED);
        assertThat(limits.getLast().measured()).isEqualTo("no down file: 1_a");
    }

    @Test
    void what_could_not_be_measured_is_not_kept() {
        List<Limit> limits = Limits.judge(ALL, whole(200, 1, 1, 0, OptionalDouble.empty()), true, Optional.empty());

        assertThat(limits.getFirst().verdict()).as("already too long").isEqualTo(Verdict.EXCEEDED);
        assertThat(verdicts(limits.subList(1, 6))).containsOnly(Verdict.UNKNOWN);
        assertThat(limits.get(3).measured()).isEqualTo("unknown: no extension");
    }

    @Test
    void what_the_charter_does_not_limit_is_no_limit() {
        assertThat(Limits.judge(
                        RehearsalPlan.NO_LIMITS,
                        whole(1e9, 1e9, Long.MAX_VALUE, 9, OptionalDouble.empty()),
                        false,
                        Optional.empty()))
                .isEmpty();
    }
}
