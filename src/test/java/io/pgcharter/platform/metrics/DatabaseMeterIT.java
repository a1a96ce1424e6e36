package io.pgcharter.platform.metrics;

import static org.assertj.core.api.Assertions.assertThat;

import io.pgcharter.Wait;
import io.pgcharter.platform.postgres.PostgresUrl;
import io.pgcharter.platform.postgres.Session;
import io.pgcharter.platform.sandbox.TestServers;
import java.util.EnumSet;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// One sample costs one statement, on every major version.
class DatabaseMeterIT {
    /// What a primary without standbys, slots and archiving, on which nothing waits, cannot show.
    private static final Set<Metric> NOT_HERE = EnumSet.of(
            Metric.REPLICATION_LAG_BYTES,
            Metric.REPLICATION_LAG_SECONDS,
            Metric.SLOT_RETAINED_BYTES,
            Metric.ARCHIVE_FAILURES_PER_SECOND,
            Metric.STATEMENTS_PER_SECOND,
            Metric.STATEMENT_MEAN_SECONDS,
            Metric.STATEMENT_P95_SECONDS);

    @ParameterizedTest
    @ValueSource(ints = {14, 15, 16, 17, 18})
    void every_metric_of_a_database_has_a_value_and_rates_are_those_of_its_work(int major) {
        PostgresUrl url = TestServers.fresh(major);
        DatabaseMeter meter = new DatabaseMeter("database/shop");
        try (Session watcher = Session.open(url, "test");
                Session worker = Session.open(url, "test")) {
            worker.execute("create table t as select generate_series(1, 1000) as id");
            flush(worker, major);
            Measures first = meter.measure(watcher, System.nanoTime()).measures();
            assertThat(first.of(Metric.COMMITS_PER_SECOND))
                    .as("nothing to compare with")
                    .isEmpty();
            worker.execute("insert into t select generate_series(1, 5000)");
            worker.execute("delete from t where id <= 10");
            flush(worker, major);
            Measures second = measuredUntil(
                    meter,
                    watcher,
                    () -> worker.query("select 1"),
                    found -> found.of(Metric.ROWS_INSERTED_PER_SECOND).orElse(0) > 0);

            Set<Metric> expected = EnumSet.allOf(Metric.class);
            expected.removeIf(metric -> metric.scope() == Metric.Scope.NODE || NOT_HERE.contains(metric));
            assertThat(second.all().keySet()).containsExactlyInAnyOrderElementsOf(expected);
            assertThat(second.of(Metric.UP)).hasValue(1);
            assertThat(second.of(Metric.CONNECTIONS).orElseThrow()).isPositive();
            assertThat(second.of(Metric.DATABASE_BYTES).orElseThrow()).isGreaterThan(5e6);
            assertThat(second.of(Metric.IN_RECOVERY)).hasValue(0);
            assertThat(second.of(Metric.CACHE_HIT_RATIO).orElseThrow()).isBetween(0.0, 1.0);
        }
    }

    @Test
    void sessions_by_state_and_what_waits_are_counted() {
        PostgresUrl url = TestServers.fresh(18);
        DatabaseMeter meter = new DatabaseMeter("database/shop");
        try (Session watcher = Session.open(url, "test");
                Session holder = Session.open(url, "test");
                Session waiter = Session.open(url, "test")) {
            holder.execute("create table t (id int)");
            holder.execute("begin; lock table t");
            Thread blocked = Thread.ofVirtual().start(() -> waiter.query("select count(*) from t"));
            Measures measures = measuredUntil(
                    meter,
                    watcher,
                    () -> {},
                    found -> found.of(Metric.SESSIONS_WAITING).orElse(0) == 1);
            assertThat(measures.of(Metric.SESSIONS_IDLE_IN_TRANSACTION)).hasValue(1);
            assertThat(measures.of(Metric.SESSIONS_ACTIVE)).hasValue(1);
            assertThat(measures.of(Metric.TRANSACTION_AGE_SECONDS).orElseThrow())
                    .isPositive();
            holder.execute("rollback");
            Wait.until("the waiter goes on", () -> !blocked.isAlive());
        }
    }

    @Test
    void a_role_without_rights_gets_what_it_may_see_and_no_zeros_for_the_rest() {
        PostgresUrl url = TestServers.fresh(17);
        String role = "plain_" + url.database();
        try (Session owner = Session.open(url, "test")) {
            owner.execute("create role " + role + " login");
            PostgresUrl plain =
                    new PostgresUrl(url.host(), url.port(), url.database(), role, url.password(), url.parameters());
            DatabaseMeter meter = new DatabaseMeter("database/shop");
            try (Session watcher = Session.open(plain, "test")) {
                Measures measures = meter.measure(watcher, System.nanoTime()).measures();
                assertThat(measures.of(Metric.CONNECTIONS)).isEmpty();
                assertThat(measures.of(Metric.SESSIONS_ACTIVE)).isEmpty();
                assertThat(measures.of(Metric.STANDBYS)).isEmpty();
                assertThat(measures.of(Metric.XID_AGE)).isPresent();
                owner.execute("grant pg_monitor to " + role);
                assertThat(meter.measure(watcher, System.nanoTime()).measures().of(Metric.CONNECTIONS))
                        .isPresent();
            }
        }
    }

    private static Measures measuredUntil(
            DatabaseMeter meter, Session watcher, Runnable meanwhile, Predicate<Measures> condition) {
        AtomicReference<@Nullable Measures> last = new AtomicReference<>();
        Wait.until("a sample shows it", () -> {
            meanwhile.run();
            Measures measures = meter.measure(watcher, System.nanoTime()).measures();
            last.set(measures);
            return condition.test(measures);
        });
        return Objects.requireNonNull(last.get());
    }

    /// Since 15 a session's statistics are flushed when asked; before, when its collector got them.
    private static void flush(Session session, int major) {
        if (major >= 15) {
            session.query("select pg_stat_force_next_flush()");
        }
        session.query("select 1");
    }
}
