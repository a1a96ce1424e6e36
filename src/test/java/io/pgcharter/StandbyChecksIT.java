package io.pgcharter;

import static org.assertj.core.api.Assertions.assertThat;

import io.pgcharter.MonitoredServer.Said;
import io.pgcharter.model.health.Level;
import io.pgcharter.model.health.Sample;
import io.pgcharter.model.health.Verdict;
import io.pgcharter.platform.postgres.PostgresUrl;
import io.pgcharter.platform.postgres.Session;
import io.pgcharter.policy.check.Declared;
import io.pgcharter.policy.check.Standards;
import io.pgcharter.policy.check.Standards.Adjustment;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/// Checks of replication, with a real standby.
class StandbyChecksIT {
    private static final Declared DECLARED = new Declared(List.of("walreceiver"), Map.of(), false, List.of());

    private static MonitoredServer primary;
    private static OwnServer standby;
    private static PostgresUrl shop;

    @BeforeAll
    static void start_a_primary_and_its_standby() {
        primary = new MonitoredServer(15);
        shop = primary.fresh();
        primary.execute(shop, "CREATE TABLE t (id int)");
        standby = primary.server()
                .standby(
                        "max_standby_streaming_delay = 0",
                        "hot_standby_feedback = off",
                        "wal_retrieve_retry_interval = '200ms'",
                        "wal_receiver_status_interval = 1");
    }

    @AfterAll
    static void stop() {
        standby.close();
        primary.close();
    }

    @Test
    void a_standby_that_stands_still_is_seen_from_both_sides() {
        until("it is there", () -> say("replica-lag-bytes", shop, 1_000_000).level() == Level.OK);
        until("it has caught up", () -> say("standby-lag", onStandby(), 1).level() == Level.OK);
        assertThat(say("replica-lag", shop, 1).level()).isEqualTo(Level.OK);

        standby.execute("postgres", "SELECT pg_wal_replay_pause()");
        primary.execute(shop, "INSERT INTO t SELECT generate_series(1, 50000)");

        until("bytes grow", () -> say("replica-lag-bytes", shop, 1_000_000).level() == Level.WARN);
        until(
                "the standby's data grow old",
                () -> say("standby-lag", onStandby(), 1).level() == Level.WARN);

        standby.execute("postgres", "SELECT pg_wal_replay_resume()");
        until(
                "it has caught up",
                () -> say("replica-lag-bytes", shop, 1_000_000).level() == Level.OK);
        until("the standby knows", () -> say("standby-lag", onStandby(), 1).level() == Level.OK);
    }

    @Test
    void a_standby_that_replays_late_is_seen_by_its_primary() {
        until("it is there", () -> say("replica-lag", shop, 1).level() == Level.OK);

        delay("'1500ms'");
        until("the lag is measured", () -> withChange(shop) == Level.WARN);

        delay("0");
        until("it keeps up again", () -> withChange(shop) == Level.OK);
    }

    private static void delay(String time) {
        standby.execute("postgres", "ALTER SYSTEM SET recovery_min_apply_delay = " + time);
        standby.execute("postgres", "SELECT pg_reload_conf()");
    }

    /// Lag is measured on what is written.
    private static Level withChange(PostgresUrl url) {
        primary.execute(url, "INSERT INTO t VALUES (1)");
        return say("replica-lag", url, 1).level();
    }

    @Test
    void a_declared_standby_that_goes_away_is_missed() {
        until("it is there", () -> declared().level() == Level.OK);

        standby.stop("fast");
        until("it is missed", () -> declared().level() == Level.CRIT);
        assertThat(declared().message()).isEqualTo("walreceiver: is not connected");

        standby.ensureStarted();
        until("it is back", () -> declared().level() == Level.OK);
    }

    @Test
    void a_query_that_replay_cancels_is_counted() {
        primary.execute(shop, "CREATE TABLE c AS SELECT generate_series(1, 1000) AS id");
        until(
                "it is there",
                () -> standby.ask(shop.database(), "SELECT (to_regclass('public.c') IS NOT NULL)::text")
                        .equals("true"));
        Said first = said("recovery-conflicts", onStandby(), Map.of());
        assertThat(first.verdict().message()).startsWith("first reading");

        try (Session reader = Session.open(standby.url(shop.database()), "test")) {
            reader.execute("BEGIN ISOLATION LEVEL REPEATABLE READ; SELECT count(*) FROM c");
            primary.execute(shop, "DELETE FROM c");
            primary.execute(shop, "VACUUM c");
            until(
                    "a query is cancelled",
                    () -> said("recovery-conflicts", onStandby(), first.samples())
                                    .verdict()
                                    .level()
                            == Level.WARN);
        }
        Said found = said("recovery-conflicts", onStandby(), first.samples());
        Said after = MonitoredServer.say(
                "recovery-conflicts",
                onStandby(),
                new Standards(Map.of(), List.of(), Duration.ZERO),
                Declared.NOTHING,
                found.samples());

        assertThat(found.of(shop.database())).isEqualTo(Optional.of(Level.WARN));
        assertThat(after.verdict().level()).isEqualTo(Level.OK);
    }

    @Test
    void what_only_a_primary_has_is_not_applicable_on_a_standby() {
        assertThat(said("archive-failing", onStandby(), Map.of()).verdict().level())
                .isEqualTo(Level.NOT_APPLICABLE);
        assertThat(said("standby-lag", shop, Map.of()).verdict().level()).isEqualTo(Level.NOT_APPLICABLE);
    }

    private static PostgresUrl onStandby() {
        return standby.url(shop.database());
    }

    private static Verdict declared() {
        return MonitoredServer.say("missing-standby", shop, Standards.DEFAULT, DECLARED, Map.of())
                .verdict();
    }

    private static Verdict say(String check, PostgresUrl url, double warn) {
        Map<String, Adjustment> adjustments = new HashMap<>();
        adjustments.put(check, new Adjustment(true, OptionalDouble.of(warn), OptionalDouble.of(1e15)));
        return MonitoredServer.say(check, url, new Standards(adjustments, List.of()), Declared.NOTHING, Map.of())
                .verdict();
    }

    private static Said said(String check, PostgresUrl url, Map<String, Sample> samples) {
        return MonitoredServer.say(check, url, Standards.DEFAULT, Declared.NOTHING, samples);
    }

    private static void until(String what, BooleanSupplier condition) {
        Wait.until(what, condition);
    }
}
