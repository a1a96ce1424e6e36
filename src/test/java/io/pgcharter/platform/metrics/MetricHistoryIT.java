package io.pgcharter.platform.metrics;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.pgcharter.model.id.DatabaseName;
import io.pgcharter.platform.sandbox.TestServers;
import io.pgcharter.platform.state.State;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// History: what goes in, is condensed, ages and comes out.
class MetricHistoryIT {
    private static final DatabaseName SHOP = new DatabaseName("shop");

    @TempDir
    Path directory;

    private State state;
    private MetricHistory history;
    private MetricUpkeep upkeep;
    private Instant now;

    @BeforeEach
    void open() {
        state = State.open(TestServers.text(TestServers.fresh(15)), directory);
        history = new MetricHistory(state);
        upkeep = new MetricUpkeep(state);
        now = ask("select clock_timestamp()", OffsetDateTime.class).toInstant();
    }

    @AfterEach
    void close() {
        state.close();
    }

    private <T> T ask(String sql, Class<T> type) {
        return state.jdbi()
                .withHandle(handle -> handle.createQuery(sql).mapTo(type).one());
    }

    private void execute(String sql) {
        state.jdbi().useHandle(handle -> handle.execute(sql));
    }

    /// Samples every 15 s over `days` days until now: UP is 1, CONNECTIONS the minute of the hour, all else
    /// missing.
    private void plant(String subject, int days, String step) {
        execute("""
                insert into pgcharter.metric (subject, at, value)
                select '%s', at, array[1, null, null, extract(minute from at)]::real[]
                from generate_series(clock_timestamp() - interval '%d days', clock_timestamp(), interval '%s') as at
                """.formatted(subject, days, step));
        execute("insert into pgcharter.metric_latest values ('%s', clock_timestamp(), '{1}') on conflict do nothing"
                .formatted(subject));
    }

    @Test
    void what_was_entered_last_is_the_latest_with_its_age_and_gaps_stay_gaps() {
        long before = System.nanoTime() - Duration.ofSeconds(30).toNanos();
        history.enter(List.of(
                new Measurement("database/shop", before, Measures.of(Map.of(Metric.UP, 1.0, Metric.XID_AGE, 7.0))),
                new Measurement("database/copy", before, Measures.of(Map.of(Metric.UP, 0.0)))));
        history.enter(
                List.of(new Measurement("database/shop", System.nanoTime(), Measures.of(Map.of(Metric.UP, 1.0)))));
        history.enter(List.of());

        Map<String, MetricHistory.Latest> latest = history.latest();
        assertThat(latest).containsOnlyKeys("database/shop", "database/copy");
        assertThat(Objects.requireNonNull(latest.get("database/copy")).age())
                .isBetween(Duration.ofSeconds(29), Duration.ofSeconds(60));
        assertThat(Objects.requireNonNull(latest.get("database/copy"))
                        .measures()
                        .all())
                .containsOnly(Map.entry(Metric.UP, 0.0));
        assertThat(history.now(SHOP, Metric.UP, Duration.ofSeconds(20))).hasValue(1);
        assertThat(history.now(SHOP, Metric.XID_AGE, Duration.ofSeconds(20))).isEmpty();
        assertThat(history.now(new DatabaseName("copy"), Metric.UP, Duration.ofSeconds(20)))
                .as("too old")
                .isEmpty();
        List<MetricHistory.Point> points =
                history.series(SHOP, Metric.XID_AGE, now.minusSeconds(3600), now.plusSeconds(60), 100);
        assertThat(points)
                .singleElement()
                .satisfies(point -> assertThat(point.mean()).isEqualTo(7));
    }

    @Test
    void three_days_of_samples_are_condensed_what_is_old_goes_and_a_series_reads_across_the_borders() {
        plant("database/shop", 3, "15 seconds");
        plant("database/copy", 3, "15 seconds");

        assertThat(upkeep.run()).isPositive();
        assertThat(upkeep.run()).as("a second time there is nothing to do").isZero();

        Instant oldest = ask("select min(at) from pgcharter.metric", OffsetDateTime.class)
                .toInstant();
        assertThat(oldest)
                .isBetween(now.minus(Duration.ofHours(48)).minusSeconds(400), now.minus(Duration.ofHours(47)));
        assertThat(ask(
                        "select count(*) from pgcharter.metric_5_minutes where subject = 'database/shop'",
                        Integer.class))
                .isBetween(860, 866);
        assertThat(ask("select count(*) from pgcharter.metric_hour where subject = 'database/shop'", Integer.class))
                .isBetween(71, 74);

        // An hour's minutes, by five-minute means 0..4 -> 2, 5..9 -> 7, …: 29.5 on average, 59 at most.
        Instant hour = now.minus(Duration.ofHours(60)).truncatedTo(ChronoUnit.HOURS);
        assertThat(history.series(SHOP, Metric.CONNECTIONS, hour, hour.plusSeconds(3600), 1))
                .singleElement()
                .satisfies(point -> {
                    assertThat(point.at()).isEqualTo(hour);
                    assertThat(point.mean()).isCloseTo(29.5, within(0.01));
                    assertThat(point.peak()).isEqualTo(59);
                });
        List<MetricHistory.Point> day = history.series(SHOP, Metric.UP, now.minus(Duration.ofDays(3)), now, 72);
        assertThat(day).hasSize(72).allSatisfy(point -> assertThat(point.mean()).isEqualTo(1));
        List<MetricHistory.Point> fine = history.series(SHOP, Metric.UP, now.minusSeconds(600), now, 1_000);
        assertThat(fine).as("every sample of ten minutes").hasSizeBetween(39, 41);
        assertThat(history.series(SHOP, Metric.XID_AGE, now.minus(Duration.ofDays(3)), now, 100))
                .as("never measured, so never shown as 0")
                .isEmpty();
        assertThat(history.series(SHOP, Metric.NODE_CPU_RATIO, now.minus(Duration.ofDays(3)), now, 100))
                .as("newer than the row")
                .isEmpty();
    }

    @Test
    void condensed_history_ages_too_and_a_subject_without_any_is_forgotten() {
        plant("database/shop", 1, "1 hour");
        upkeep.run();
        execute("""
                insert into pgcharter.metric_5_minutes
                select 'database/shop', at, '{1}', '{1}' from generate_series(
                  date_bin('5 minutes', clock_timestamp(), '2000-01-01Z') - interval '40 days',
                  clock_timestamp() - interval '2 days', interval '1 hour') as at""");
        execute("""
                insert into pgcharter.metric_hour
                select 'database/shop', at, '{1}', '{1}' from generate_series(
                  date_trunc('hour', clock_timestamp()) - interval '800 days',
                  clock_timestamp() - interval '2 days', interval '1 day') as at""");
        execute(
                "insert into pgcharter.metric_latest values ('database/gone', clock_timestamp() - interval '790 days', '{1}')");
        execute("delete from pgcharter.metric_progress where task like 'remove%'");

        upkeep.run();

        assertThat(ask(
                        "select min(at) > clock_timestamp() - interval '30 days 2 hours' from pgcharter.metric_5_minutes",
                        Boolean.class))
                .isTrue();
        assertThat(ask(
                        "select min(at) > clock_timestamp() - interval '732 days' from pgcharter.metric_hour",
                        Boolean.class))
                .isTrue();
        assertThat(history.latest()).containsOnlyKeys("database/shop");
        assertThat(history.series(SHOP, Metric.UP, now.minus(Duration.ofDays(700)), now, 100))
                .hasSizeBetween(99, 101);
    }

    @Test
    void two_nodes_do_not_condense_the_same_slice() {
        plant("database/shop", 1, "1 minute");
        upkeep.run();
        execute(
                "update pgcharter.metric_progress set done_until = done_until - interval '1 hour' where task = 'condense 5 minutes'");
        state.jdbi().useTransaction(handle -> {
            handle.execute("select * from pgcharter.metric_progress for update");
            // On a thread, and so on a connection, of its own.
            assertThat(CompletableFuture.supplyAsync(upkeep::run).join())
                    .as("another node holds the work")
                    .isZero();
        });
        assertThat(upkeep.run()).isEqualTo(1);
    }
}
