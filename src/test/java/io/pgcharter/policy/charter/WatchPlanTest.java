package io.pgcharter.policy.charter;

import static org.assertj.core.api.Assertions.assertThat;

import io.pgcharter.model.id.DatabaseName;
import io.pgcharter.policy.check.Declared;
import io.pgcharter.policy.check.Standards.Adjustment;
import io.pgcharter.policy.check.Waiver;
import java.nio.file.Path;
import java.time.Duration;
import java.time.LocalDate;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import org.junit.jupiter.api.Test;

class WatchPlanTest {
    private static final String DATABASES = """
            charter: 1
            environments: { production: { protected: true } }
            databases:
              payments: { environment: production, url: "postgres://app@db/payments" }
              copy: { environment: production, url: "postgres://app@db/copy" }
            """;

    @Test
    void the_section_watch_is_read_whole() {
        WatchPlan plan = read(DATABASES + """
                watch:
                  checks:
                    xid-age: { warn: 300000000 }
                    slot-wal: { warn: 5000000000, crit: 50000000000 }
                    cache-hits: { enabled: false }
                  databases:
                    payments: { standbys: [a, b], settings: { max_connections: "200" }, quiet: true }
                  waivers:
                    - { check: primary-keys, because: known, until: "2027-01-31" }
                    - { check: primary-keys, subject: database/payments, key: public.log, because: known, until: "2027-01-31" }
                """);

        assertThat(plan.standards().adjustments())
                .containsEntry("xid-age", new Adjustment(true, OptionalDouble.of(300_000_000), OptionalDouble.empty()))
                .containsEntry(
                        "slot-wal",
                        new Adjustment(true, OptionalDouble.of(5_000_000_000d), OptionalDouble.of(50_000_000_000d)))
                .containsEntry("cache-hits", new Adjustment(false, OptionalDouble.empty(), OptionalDouble.empty()));
        assertThat(plan.declared(new DatabaseName("payments")))
                .isEqualTo(new Declared(List.of("a", "b"), Map.of("max_connections", "200"), true, List.of()));
        assertThat(plan.declared(new DatabaseName("copy"))).isEqualTo(Declared.NOTHING);
        assertThat(plan.standards().waivers())
                .containsExactly(
                        new Waiver(
                                "primary-keys",
                                Optional.empty(),
                                Optional.empty(),
                                "known",
                                LocalDate.parse("2027-01-31"),
                                14),
                        new Waiver(
                                "primary-keys",
                                Optional.of("database/payments"),
                                Optional.of("public.log"),
                                "known",
                                LocalDate.parse("2027-01-31"),
                                15));
    }

    @Test
    void a_charter_that_says_nothing_of_it_watches_by_the_checks_own_standards() {
        assertThat(read(DATABASES)).isEqualTo(WatchPlan.NONE);
    }

    @Test
    void what_a_counter_told_of_stands_long_enough_to_be_told() {
        assertThat(stands("")).isEqualTo(Duration.ofMinutes(15));
        assertThat(stands("watch: { stands: 1h }")).isEqualTo(Duration.ofHours(1));
        assertThat(stands("alerts: { receivers: { chat: { slack: { url: \"${env:S}\" } } }, after: { warn: 20m } }"))
                .as("twice what a warning must last to count")
                .isEqualTo(Duration.ofMinutes(40));
    }

    private static Duration stands(String sections) {
        return read(DATABASES + sections + "\n").standards().stands();
    }

    private static WatchPlan read(String text) {
        Charters.Reading reading = Charters.parse(text, "charter.yaml", Path.of("/"));
        assertThat(reading).as(() -> String.valueOf(reading)).isInstanceOf(Charters.Parsed.class);
        return ((Charters.Parsed) reading).charter().serving().watch();
    }
}
