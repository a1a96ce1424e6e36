package io.pgcharter.capability.watch;

import static org.assertj.core.api.Assertions.assertThat;

import io.pgcharter.Wait;
import io.pgcharter.model.health.Level;
import io.pgcharter.model.health.Verdict;
import io.pgcharter.model.id.DatabaseName;
import io.pgcharter.model.id.EnvironmentName;
import io.pgcharter.model.id.RunId;
import io.pgcharter.model.operation.Run;
import io.pgcharter.model.secret.SecretText;
import io.pgcharter.platform.metrics.Metric;
import io.pgcharter.platform.metrics.MetricHistory;
import io.pgcharter.platform.postgres.PostgresUrl;
import io.pgcharter.platform.postgres.Session;
import io.pgcharter.platform.sandbox.TestServers;
import io.pgcharter.platform.secret.LocalSecrets;
import io.pgcharter.platform.state.State;
import io.pgcharter.platform.state.Verdicts;
import io.pgcharter.policy.charter.AlertPlan;
import io.pgcharter.policy.charter.Charter;
import io.pgcharter.policy.charter.MaintenancePlan;
import io.pgcharter.policy.charter.PoolPlan;
import io.pgcharter.policy.charter.SchedulePlan;
import io.pgcharter.policy.charter.Serving;
import io.pgcharter.policy.charter.Shaping;
import io.pgcharter.policy.charter.WatchPlan;
import io.pgcharter.policy.charter.WebPlan;
import io.pgcharter.policy.check.Checkbook;
import io.pgcharter.policy.check.Standards;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// The standing watch over many databases of one real server, some of which hang.
class WatchIT {
    private static final String RUN_1 = "111111111111";
    private static final String RUN_2 = "222222222222";

    @TempDir
    Path directory;

    private State state;
    private MetricHistory history;
    private PostgresUrl shop;

    @BeforeEach
    void open() {
        state = State.open(TestServers.text(TestServers.fresh(15)), directory);
        history = new MetricHistory(state);
        shop = TestServers.fresh(17);
    }

    @AfterEach
    void close() {
        state.close();
    }

    /// A charter of databases by their URLs, watched every `every`.
    private static Charter charter(Duration every, Map<DatabaseName, String> urls) {
        return charter(every, WatchPlan.NONE.checkEvery(), urls, Standards.DEFAULT);
    }

    private static Charter charter(
            Duration every, Duration checkEvery, Map<DatabaseName, String> urls, Standards standards) {
        EnvironmentName production = new EnvironmentName("production");
        Map<DatabaseName, Charter.Database> databases = new LinkedHashMap<>();
        urls.forEach(
                (name, url) -> databases.put(name, new Charter.Database(name, production, new SecretText(url), 1)));
        return new Charter(
                "charter.yaml",
                Map.of(production, new Charter.Environment(production, false, Optional.empty(), 1)),
                databases,
                Map.of(),
                Map.of(),
                Map.of(),
                List.of(),
                Map.of(),
                new Charter.StatePlace(Optional.empty(), Optional.empty()),
                new Serving(
                        SchedulePlan.NONE,
                        new WatchPlan(
                                every, checkEvery, Duration.ofMinutes(5), Duration.ofMillis(500), standards, Map.of()),
                        MaintenancePlan.NONE,
                        AlertPlan.NONE,
                        WebPlan.NONE,
                        PoolPlan.NONE),
                Shaping.NONE,
                Map.of());
    }

    private static Map<DatabaseName, String> many(int count, PostgresUrl url) {
        Map<DatabaseName, String> urls = new LinkedHashMap<>();
        for (int number = 0; number < count; number++) {
            urls.put(new DatabaseName("d" + number), TestServers.text(url).reveal());
        }
        return urls;
    }

    /// A run that goes on until the test ends.
    private record EndlessRun(RunId id) implements Run {
        @Override
        public Step begin(String name, long total, Unit unit) {
            throw new IllegalStateException("a watch has no steps");
        }

        @Override
        public void check() {}

        @Override
        public void fence() {}
    }

    /// A watch that goes on beside the test.
    private final class Going implements AutoCloseable {
        private final Watch watch;
        private final Thread thread;
        private final CountDownLatch over = new CountDownLatch(1);

        Going(Charter charter, String run) {
            this(charter, run, List.of());
        }

        Going(Charter charter, String run, List<Watching.Chore> chores) {
            watch = new Watch(
                    new Watch.Parts(
                            charter,
                            new LocalSecrets(Map.of(), directory),
                            state,
                            Checkbook.published(),
                            new Watching.Node("here", Clock.systemUTC(), chores)),
                    new EndlessRun(new RunId(run)));
            thread = Thread.ofVirtual().start(this::go);
        }

        private void go() {
            watch.begin();
            try {
                while (over.getCount() > 0) {
                    watch.duties().begin(Duration.ofMillis(50));
                }
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }

        @Override
        public void close() {
            over.countDown();
            try {
                thread.join();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
            watch.close();
        }
    }

    private long fresh(Duration ageMax, double up) {
        return history.latest().values().stream()
                .filter(latest -> latest.subject().startsWith("database/"))
                .filter(latest -> latest.age().compareTo(ageMax) < 0)
                .filter(latest -> latest.measures().of(Metric.UP).orElse(-1) == up)
                .count();
    }

    private long sessions() {
        try (Session session = Session.open(shop, "test")) {
            return session.query("select count(*) from pg_stat_activity where application_name = 'pgcharter watch'")
                    .getFirst()
                    .number(0);
        }
    }

    @Test
    void databases_that_hang_or_are_gone_delay_nobody_and_are_said_to_be_down() throws IOException {
        try (ServerSocket silent = new ServerSocket(0, 200, InetAddress.getLoopbackAddress())) {
            Map<DatabaseName, String> urls = many(40, shop);
            for (int number = 0; number < 60; number++) {
                // It takes the connection and never says a word.
                urls.put(
                        new DatabaseName("hanging" + number),
                        "postgres://x@127.0.0.1:%d/x?sslmode=disable".formatted(silent.getLocalPort()));
            }
            urls.put(new DatabaseName("gone"), "postgres://x@127.0.0.1:1/x?sslmode=disable");
            urls.put(new DatabaseName("nowhere"), "${env:NOT_THERE}");

            try (Going _ = new Going(charter(Duration.ofSeconds(2), urls), RUN_1)) {
                Wait.until("all that live are sampled", () -> fresh(Duration.ofSeconds(10), 1) == 40);
                Wait.until("what hangs and what is gone is down", () -> fresh(Duration.ofSeconds(60), 0) >= 6);
                for (int round = 0; round < 20; round++) {
                    assertThat(fresh(Duration.ofSeconds(6), 1))
                            .as("while others hang")
                            .isEqualTo(40);
                    pause(Duration.ofMillis(200));
                }
                assertThat(history.now(new DatabaseName("gone"), Metric.UP, Duration.ofSeconds(10)))
                        .hasValue(0);
                assertThat(history.now(new DatabaseName("nowhere"), Metric.UP, Duration.ofSeconds(10)))
                        .hasValue(0);
                assertThat(sessions())
                        .as("kept open on one server")
                        .isLessThanOrEqualTo(Lanes.KEPT_PER_SERVER + Lanes.CONNECTING_PER_SERVER);
                assertThat(history.latest()).containsKey("node/here");
            }
            Wait.until("every session is closed with the watch", () -> sessions() == 0);
        }
    }

    @Test
    void a_database_that_comes_back_is_up_again_over_a_new_session() {
        Map<DatabaseName, String> urls = many(1, shop);
        try (Going _ = new Going(charter(Duration.ofSeconds(1), urls), RUN_1)) {
            Wait.until("it is sampled", () -> fresh(Duration.ofSeconds(2), 1) == 1);
            try (Session session = Session.open(shop.withDatabase("postgres"), "test")) {
                session.execute("alter database " + shop.database() + " with allow_connections false");
                session.query(
                        "select pg_terminate_backend(pid) from pg_stat_activity where application_name = 'pgcharter watch'");
                Wait.until("it is down", () -> fresh(Duration.ofSeconds(2), 0) == 1);
                session.execute("alter database " + shop.database() + " with allow_connections true");
            }
            Wait.until("it is up again", () -> fresh(Duration.ofSeconds(2), 1) == 1);
        }
    }

    @Test
    void two_nodes_share_the_work_and_one_takes_all_when_the_other_dies() {
        Charter charter = charter(Duration.ofSeconds(1), many(40, shop));
        enter(RUN_1, "now");
        enter(RUN_2, "now");
        try (Going first = new Going(charter, RUN_1)) {
            Wait.until("it does its share", () -> fresh(Duration.ofSeconds(3), 1) > 5);
            assertThat(fresh(Duration.ofSeconds(30), 1)).isLessThan(35);
            execute("update pgcharter.run set seen_at = clock_timestamp() - interval '31 s' where id = '" + RUN_2
                    + "'");
            Wait.until("it does all", () -> fresh(Duration.ofSeconds(3), 1) == 40);
            execute("update pgcharter.run set seen_at = clock_timestamp() ");
            Wait.until("it gives up what the other has now", () -> first.watch.share() < 40);
            assertThat(first.watch.share()).isBetween(5, 35);
        }
    }

    @Test
    void samples_wait_while_the_control_database_is_gone() {
        try (Going _ = new Going(charter(Duration.ofSeconds(1), many(3, shop)), RUN_1)) {
            Wait.until("it works", () -> fresh(Duration.ofSeconds(2), 1) == 3);
            execute("alter table pgcharter.metric rename to away");
            pause(Duration.ofSeconds(4));
            execute("alter table pgcharter.away rename to metric");
            Wait.until(
                    "what waited is entered",
                    () -> state.jdbi()
                            .withHandle(handle -> handle.createQuery(
                                            "select max(gap) < interval '2.5 s' from (select at - lag(at) over (partition by subject order by at) as gap from pgcharter.metric where subject like 'database/%') g")
                                    .mapTo(Boolean.class)
                                    .one()));
        }
    }

    @Test
    void faults_are_judged_and_cleared_and_what_nobody_judges_any_more_is_forgotten() {
        Verdicts verdicts = new Verdicts(state);
        verdicts.enter(List.of(
                said("database/d0", "backup-age"),
                said("database/d0", "no-such-check"),
                said("database/d0", "durability"),
                said("database/gone", "backup-age")));
        Standards standards = new Standards(
                Map.of(
                        "durability",
                        new Standards.Adjustment(false, OptionalDouble.empty(), OptionalDouble.empty()),
                        "idle-in-transaction",
                        new Standards.Adjustment(true, OptionalDouble.of(1), OptionalDouble.empty())),
                List.of());
        AtomicInteger rounds = new AtomicInteger();
        Watching.Chore chore = new Watching.Chore("own", Duration.ofSeconds(1), goOn -> {
            goOn.run();
            verdicts.enter(List.of(new Verdict(
                    "journal-anchored",
                    "installation",
                    rounds.incrementAndGet() > 2 ? Level.OK : Level.CRIT,
                    "",
                    List.of(),
                    OptionalDouble.empty())));
        });
        Charter charter = charter(Duration.ofSeconds(1), Duration.ofSeconds(1), many(1, shop), standards);
        try (Session idle = Session.open(shop, "test");
                Going _ = new Going(charter, RUN_1, List.of(chore))) {
            idle.execute("begin");
            Wait.until("the fault is found", () -> level("database/d0", "idle-in-transaction") == Level.WARN);
            idle.execute("rollback");
            Wait.until("its cure is seen", () -> level("database/d0", "idle-in-transaction") == Level.OK);
            Wait.until("the chore's too", () -> level("installation", "journal-anchored") == Level.OK);
            Wait.until("what is gone is forgotten", () -> level("database/gone", "backup-age") == null);
        }
        assertThat(level("database/d0", "no-such-check")).isNull();
        assertThat(level("database/d0", "durability")).as("not made any more").isNull();
        assertThat(level("database/d0", "backup-age")).as("somebody else's").isEqualTo(Level.WARN);
        assertThat(level("installation", "waivers")).isEqualTo(Level.OK);
    }

    private @Nullable Level level(String subject, String check) {
        return new Verdicts(state)
                .of(subject).stream()
                        .filter(standing -> standing.verdict().check().equals(check))
                        .map(standing -> standing.verdict().level())
                        .findFirst()
                        .orElse(null);
    }

    private static Verdict said(String subject, String check) {
        return new Verdict(check, subject, Level.WARN, "old", List.of(), OptionalDouble.empty());
    }

    @Test
    void only_the_first_of_two_nodes_does_what_is_to_be_done_once() {
        Charter charter = charter(Duration.ofSeconds(1), many(1, shop));
        AtomicInteger first = new AtomicInteger();
        AtomicInteger second = new AtomicInteger();
        enter(RUN_1, "now");
        enter(RUN_2, "now");
        try (Going _ = new Going(charter, RUN_1, List.of(counting(first)));
                Going _ = new Going(charter, RUN_2, List.of(counting(second)))) {
            Wait.until("one does it", () -> first.get() + second.get() > 2);
            assertThat(Math.min(first.get(), second.get())).isZero();
        }
    }

    private static Watching.Chore counting(AtomicInteger times) {
        return new Watching.Chore("counted", Duration.ofSeconds(1), _ -> {
            int unused = times.incrementAndGet();
        });
    }

    @Test
    void a_hundred_databases_every_two_seconds_are_carried() {
        carries(100, Duration.ofSeconds(2), Duration.ofSeconds(12));
    }

    @Test
    @Tag("soak")
    void a_thousand_databases_every_fifteen_seconds() {
        carries(1_000, Duration.ofSeconds(15), Duration.ofSeconds(90));
    }

    private void carries(int count, Duration every, Duration lasting) {
        shop = TestServers.withPassword(17, "correct horse");
        try (Going _ = new Going(charter(every, many(count, shop)), RUN_1)) {
            Wait.until("all are sampled", () -> fresh(every.multipliedBy(2), 1) == count);
            Duration cpu = cpu();
            long begun = System.nanoTime();
            pause(lasting);
            double seconds = (System.nanoTime() - begun) / 1e9;
            double busy = cpu().minus(cpu).toMillis() / 1e3 / seconds;
            long samples = state.jdbi()
                    .withHandle(handle -> handle.createQuery(
                                    "select count(*) from pgcharter.metric where subject like 'database/%' and at > clock_timestamp() - ? * interval '1 s'")
                            .bind(0, seconds)
                            .mapTo(Long.class)
                            .one());
            assertThat(samples)
                    .as("%.0f s, %.1f %% of one processor for pgcharter", seconds, 100 * busy)
                    // Of the first and the last round some may lie outside.
                    .isGreaterThan((long) (count * seconds / every.toSeconds() * 0.9));
            assertThat(busy).as("processors that pgcharter takes, of two").isLessThan(1);
            assertThat(fresh(every.plusSeconds(3), 1)).isEqualTo(count);
        }
    }

    private static Duration cpu() {
        return ProcessHandle.current().info().totalCpuDuration().orElseThrow();
    }

    private static void pause(Duration duration) {
        try {
            boolean unused = new CountDownLatch(1).await(duration.toMillis(), TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void enter(String run, String at) {
        execute(
                "insert into pgcharter.run (id, verb, operation, person, node, process, process_started, seen_at) values ('"
                        + run + "', 'watch', '{}', 'schedule', 'here', 1, now(), '" + at + "')");
    }

    private void execute(String sql) {
        state.jdbi().useHandle(handle -> handle.execute(sql));
    }
}
