package io.pgcharter.policy.estate;

import static org.assertj.core.api.Assertions.assertThat;

import io.pgcharter.model.estate.PoolerSeen;
import io.pgcharter.model.health.Finding;
import io.pgcharter.model.health.Level;
import io.pgcharter.model.health.Verdict;
import io.pgcharter.model.id.PoolerName;
import io.pgcharter.policy.check.Checkbook;
import io.pgcharter.policy.check.Checkbook.Circumstances;
import io.pgcharter.policy.check.Declared;
import io.pgcharter.policy.check.Standards;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// Where the edges are: nobody waits for a real pooler.
class PoolerChecksTest {
    private static final PoolerName MAIN = new PoolerName("main");

    private static Verdict verdict(PoolerEstate estate) {
        Instant noon = Instant.parse("2026-11-21T12:00:00Z");
        return Checkbook.published()
                .judge(
                        "pool-waiters",
                        PoolerChecks.waiters(estate),
                        new Circumstances("installation", Standards.DEFAULT, Declared.NOTHING, Map.of(), noon));
    }

    private static PoolerEstate waiting(int clients, double seconds, Duration always) {
        PoolerSeen.Pool pool = new PoolerSeen.Pool("shop", "app", clients, seconds, 20, 20);
        return new PoolerEstate(Map.of(MAIN, new PoolerSeen.Shown(List.of(pool))), Map.of("main shop/app", always));
    }

    @ParameterizedTest
    @CsvSource({"0, 0, 0, OK", "9, 4.9, 29, OK", "1, 0.1, 30, WARN", "1, 5.0, 5, CRIT", "1, 6, 60, CRIT"})
    void five_seconds_are_critical_and_somebody_at_every_look_is_a_warning(
            int clients, double seconds, long always, Level level) {
        assertThat(verdict(waiting(clients, seconds, Duration.ofSeconds(always)))
                        .level())
                .isEqualTo(level);
    }

    @Test
    void what_cannot_be_seen_is_unknown_and_hides_nothing_of_the_others() {
        PoolerSeen full = waiting(3, 7.25, Duration.ZERO).seen().get(MAIN);
        PoolerSeen away = new PoolerSeen.Unseen("SERVER_UNREACHABLE: it is away", "start it");
        Verdict verdict = verdict(new PoolerEstate(Map.of(MAIN, full, new PoolerName("other"), away), Map.of()));

        assertThat(verdict.level()).isEqualTo(Level.CRIT);
        assertThat(verdict.message()).contains("3 clients wait, the first for 7.3 s; 20 of 20");
        assertThat(verdict.findings()).extracting(Finding::level).containsExactly(Level.CRIT, Level.UNKNOWN);
    }

    @Test
    void it_does_not_apply_where_no_console_is_named() {
        assertThat(verdict(new PoolerEstate(Map.of(), Map.of())).level()).isEqualTo(Level.NOT_APPLICABLE);
    }
}
