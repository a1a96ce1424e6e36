package io.pgcharter.capability.maintain;

import static org.assertj.core.api.Assertions.assertThat;

import io.pgcharter.policy.charter.MaintenancePlan;
import java.time.Instant;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class NeedsTest {
    private static final Instant NOW = Instant.parse("2026-11-21T12:00:00Z");
    private static final MaintenancePlan.Vacuum VACUUM = new MaintenancePlan.Vacuum(20, 1000);
    private static final MaintenancePlan.Statistics STATISTICS = new MaintenancePlan.Statistics(10, 1000);
    private static final long FREEZE_MAX = 200_000_000;

    private static TableFacts table(long live, long dead, long changed, long inserted, long age) {
        return new TableFacts(
                1, "s", "t", false, live, dead, changed, inserted, age, 0, Optional.of(NOW), Optional.of(NOW), true);
    }

    @ParameterizedTest
    @CsvSource({
        "4000, 1000, 0, true", // just 20 %
        "4001, 1000, 0, false",
        "100, 999, 0, false", // too few
        "0, 1000, 0, true",
        "0, 0, 0, false",
        "1000000000, 199999999, 0, false",
        "5000, 0, 1000, true", // only added
        "5001, 0, 1000, false",
    })
    void a_table_is_vacuumed_when_its_share_of_dead_or_new_rows_is_reached(
            long live, long dead, long inserted, boolean needed) {
        assertThat(Needs.vacuum(table(live, dead, 0, inserted, 0), VACUUM, FREEZE_MAX)
                        .isPresent())
                .isEqualTo(needed);
    }

    @Test
    void an_old_table_is_vacuumed_before_the_server_must() {
        assertThat(Needs.vacuum(table(10, 0, 0, 0, 150_000_000), VACUUM, FREEZE_MAX))
                .contains("its oldest row is 150,000,000 transactions old, of 200,000,000 it may be");
        assertThat(Needs.vacuum(table(10, 0, 0, 0, 149_999_999), VACUUM, FREEZE_MAX))
                .isEmpty();
    }

    @Test
    void what_was_never_analyzed_or_changed_is_analyzed() {
        TableFacts never =
                new TableFacts(1, "s", "t", false, 1000, 0, 0, 0, 0, 0, Optional.empty(), Optional.empty(), true);

        assertThat(Needs.analyze(never, STATISTICS, NOW)).contains("it has 1,000 rows and was never analyzed");
        assertThat(Needs.analyze(table(10_000, 0, 1000, 0, 0), STATISTICS, NOW))
                .contains("10 % of its 10,000 rows changed since; last analyzed 2026-11-21T12:00:00Z");
        assertThat(Needs.analyze(table(10_001, 0, 1000, 0, 0), STATISTICS, NOW)).isEmpty();
    }

    @Test
    void a_partitioned_table_is_analyzed_weekly_and_never_vacuumed() {
        Instant weekAgo = NOW.minus(Needs.PARTITIONED_MAX);
        TableFacts parent =
                new TableFacts(1, "s", "t", true, 0, 0, 0, 0, 0, 0, Optional.empty(), Optional.of(weekAgo), true);

        assertThat(Needs.analyze(parent, STATISTICS, NOW)).isEmpty();
        assertThat(Needs.analyze(parent, STATISTICS, NOW.plusSeconds(1))).isPresent();
        assertThat(Needs.vacuum(parent, VACUUM, FREEZE_MAX)).isEmpty();
    }
}
