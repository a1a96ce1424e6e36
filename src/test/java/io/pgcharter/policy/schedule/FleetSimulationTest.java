package io.pgcharter.policy.schedule;

import static org.assertj.core.api.Assertions.assertThat;

import com.dynatrace.hash4j.hashing.Hashing;
import io.pgcharter.policy.schedule.Cadence.Daily;
import io.pgcharter.policy.schedule.Cadence.Weekday;
import io.pgcharter.policy.schedule.Cadence.Weekly;
import java.time.DayOfWeek;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalTime;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.PriorityQueue;
import org.junit.jupiter.api.Test;

/// A month of a fleet of 10,000 databases, in the seconds that deciding takes: each is backed up every night at
/// 01:00 of its region and proven once a week. Work takes from 15 s to 15 min, 3 min on average. What is measured
/// is how long after its time (jitter included) work begins, when all workers of all nodes are busy.
class FleetSimulationTest {
    private static final int DATABASES = 10_000;
    private static final int DAYS = 30;

    /// Six nodes with eight workers each. Backups and proofs of a night need 21 on average over the day.
    private static final int WORKERS = 48;

    private static final Instant BEGIN = Instant.parse("2026-10-10T00:00:00Z");
    private static final List<ZoneId> REGIONS =
            List.of(ZoneId.of("Europe/Zagreb"), ZoneId.of("America/New_York"), ZoneId.of("Asia/Singapore"));

    private record Piece(Instant begins, Duration lasts) {}

    /// @param delaySeconds sorted
    private record Month(List<Long> delaySeconds, long perMinuteMax, double busy, long millis) {
        long percentile(int percent) {
            return delaySeconds.get((int) ((delaySeconds.size() - 1L) * percent / 100));
        }

        void print(String name) {
            System.out.printf(
                    "figure schedule.%s.begun %d goal -%nfigure schedule.%s.delay_p50_s %d goal -%n"
                            + "figure schedule.%s.delay_p95_s %d goal -%nfigure schedule.%s.delay_max_s %d goal -%n"
                            + "figure schedule.%s.begun_per_minute_max %d goal -%nfigure schedule.%s.workers_busy %.2f goal -%n"
                            + "figure schedule.%s.simulated_in_ms %d goal -%n",
                    name,
                    delaySeconds.size(),
                    name,
                    percentile(50),
                    name,
                    percentile(95),
                    name,
                    percentile(100),
                    name,
                    perMinuteMax,
                    name,
                    busy,
                    name,
                    millis);
        }
    }

    /// From 15 s to 15 min, most of them short.
    private static Duration lasting(String key, Instant due) {
        double share = (Hashing.komihash5_0().hashCharsToLong(due + key) >>> 11) * 0x1.0p-53;
        return Duration.ofSeconds(Math.round(15 * Math.pow(60, Math.pow(share, 1.35))));
    }

    private static Month simulate(Duration jitter) {
        long started = System.nanoTime();
        List<Piece> pieces = new ArrayList<>();
        for (int number = 0; number < DATABASES; number++) {
            ZoneId zone = REGIONS.get(number % REGIONS.size());
            add(pieces, "nightly/db" + number, new Daily(List.of(LocalTime.of(1, 0))), zone, jitter);
            DayOfWeek day = DayOfWeek.of(1 + number % 7);
            add(pieces, "proof/db" + number, new Weekly(List.of(new Weekday(day, LocalTime.of(10, 0)))), zone, jitter);
        }
        pieces.sort(java.util.Comparator.comparing(Piece::begins));
        PriorityQueue<Instant> free = new PriorityQueue<>(Collections.nCopies(WORKERS, BEGIN));
        Map<Long, Long> perMinute = new HashMap<>();
        List<Long> delays = new ArrayList<>(pieces.size());
        long busy = 0;
        for (Piece piece : pieces) {
            Instant worker = free.remove();
            Instant begun = worker.isAfter(piece.begins()) ? worker : piece.begins();
            free.add(begun.plus(piece.lasts()));
            delays.add(Duration.between(piece.begins(), begun).toSeconds());
            busy += piece.lasts().toSeconds();
            perMinute.merge(begun.getEpochSecond() / 60, 1L, Long::sum);
        }
        Collections.sort(delays);
        return new Month(
                delays,
                Collections.max(perMinute.values()),
                (double) busy / (WORKERS * Duration.ofDays(DAYS).toSeconds()),
                (System.nanoTime() - started) / 1_000_000);
    }

    private static void add(List<Piece> pieces, String key, Cadence cadence, ZoneId zone, Duration jitter) {
        Rhythm rhythm = new Rhythm(cadence, zone, jitter, Optional.empty(), List.of(), true);
        Instant end = BEGIN.plus(Duration.ofDays(DAYS));
        for (Instant due = rhythm.next(BEGIN).orElseThrow();
                due.isBefore(end);
                due = rhythm.next(due).orElseThrow()) {
            pieces.add(new Piece(rhythm.begins(key, due), lasting(key, due)));
        }
    }

    @Test
    void ten_thousand_databases_are_served_in_time_if_jitter_spreads_them() {
        Month spread = simulate(Duration.ofHours(6));
        Month together = simulate(Duration.ZERO);
        spread.print("jitter_6h");
        together.print("no_jitter");

        // Every database every night, also in the night in which the clocks went back; every proof of four weeks.
        assertThat(spread.delaySeconds().size())
                .isEqualTo(together.delaySeconds().size())
                .isBetween(335_000, 350_000);
        assertThat(spread.percentile(50)).isLessThan(60);
        assertThat(spread.percentile(95)).isLessThan(600);
        assertThat(spread.percentile(100)).isLessThan(3600);
        assertThat(spread.perMinuteMax()).isLessThan(80);
        assertThat(spread.busy()).isBetween(0.3, 0.6);
        // What jitter is for.
        assertThat(together.percentile(50)).isGreaterThan(3600);
        assertThat(spread.millis()).isLessThan(20_000);
    }
}
