package io.pgcharter;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assumptions.assumeThat;

import io.pgcharter.MonitoredServer.Said;
import io.pgcharter.model.health.Finding;
import io.pgcharter.model.health.Level;
import io.pgcharter.model.health.Sample;
import io.pgcharter.model.health.Verdict;
import io.pgcharter.model.problem.ProblemException;
import io.pgcharter.platform.postgres.PostgresUrl;
import io.pgcharter.platform.postgres.Quoting;
import io.pgcharter.platform.postgres.Session;
import io.pgcharter.platform.probe.Probe;
import io.pgcharter.policy.check.Check;
import io.pgcharter.policy.check.Checkbook;
import io.pgcharter.policy.check.Declared;
import io.pgcharter.policy.check.Judging;
import io.pgcharter.policy.check.Standards;
import java.io.IOException;
import java.net.Inet4Address;
import java.net.InetAddress;
import java.net.NetworkInterface;
import java.net.ServerSocket;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/// Every check finds the fault that is planted for it, as the documented role, and is silent before and after. See
/// [CheckFixture].
class ChecksIT {
    private static final Map<Integer, MonitoredServer> SERVERS = new HashMap<>();

    @AfterAll
    static void stop() {
        SERVERS.values().forEach(MonitoredServer::close);
        SERVERS.clear();
    }

    static Stream<Arguments> everyCheckOnTheOldestTheMiddleAndTheNewest() {
        return everyCheckOn(14, 15, 18);
    }

    static Stream<Arguments> everyCheckOnTheOthers() {
        return everyCheckOn(16, 17);
    }

    private static Stream<Arguments> everyCheckOn(Integer... majors) {
        return Arrays.stream(majors).flatMap(major -> planted(major).map(check -> Arguments.of(major, check)));
    }

    private static Stream<String> planted(int major) {
        return Checkbook.published().all().stream()
                .filter(check -> check.question()
                        .filter(question -> question.majorMin() <= major && major <= question.majorMax())
                        .isPresent())
                .map(Check::id)
                .filter(check -> CheckFixture.of(check).elsewhere().isEmpty());
    }

    @ParameterizedTest
    @MethodSource("everyCheckOnTheOldestTheMiddleAndTheNewest")
    void a_planted_fault_is_found_and_its_cure_is_seen(int major, String check) {
        MonitoredServer server = SERVERS.computeIfAbsent(major, MonitoredServer::new);
        new Case(CheckFixture.of(check), server.fresh()).run();
    }

    @ParameterizedTest
    @MethodSource("everyCheckOnTheOthers")
    @Tag("soak")
    void a_planted_fault_is_found_on_the_other_majors_too(int major, String check) {
        a_planted_fault_is_found_and_its_cure_is_seen(major, check);
    }

    @Test
    void a_database_that_nobody_can_reach_is_critical_and_everything_else_unknown() {
        PostgresUrl nobody =
                new PostgresUrl("127.0.0.1", 1, "shop", "nobody", Optional.empty(), Map.of("sslmode", "disable"));

        Map<String, Verdict> verdicts = MonitoredServer.sayAll(nobody, Standards.DEFAULT, Probe.Limits.ONCE);

        assertThat(verdicts.remove("availability"))
                .satisfies(verdict -> assertThat(verdict.level()).isEqualTo(Level.CRIT))
                .satisfies(verdict -> assertThat(verdict.message()).contains("3 attempts"));
        assertNothingSeen(verdicts);
    }

    @Test
    void a_server_that_takes_connections_and_says_nothing_is_given_up() throws IOException {
        Probe.Limits limits = new Probe.Limits(Duration.ofSeconds(1), Duration.ofSeconds(1), Duration.ofSeconds(5), 1);
        try (ServerSocket silent = new ServerSocket(0, 5, InetAddress.getLoopbackAddress())) {
            PostgresUrl url = new PostgresUrl(
                    "127.0.0.1",
                    silent.getLocalPort(),
                    "shop",
                    "nobody",
                    Optional.empty(),
                    Map.of("sslmode", "disable"));
            long begun = System.nanoTime();

            Map<String, Verdict> verdicts = MonitoredServer.sayAll(url, Standards.DEFAULT, limits);

            assertThat(Duration.ofNanos(System.nanoTime() - begun)).isLessThan(Duration.ofSeconds(20));
            assertThat(verdicts.remove("availability").level()).isEqualTo(Level.WARN);
            assertNothingSeen(verdicts);
        }
    }

    private static void assertNothingSeen(Map<String, Verdict> verdicts) {
        assertThat(verdicts.values())
                .hasSizeGreaterThan(50)
                .allSatisfy(verdict ->
                        assertThat(verdict.level()).as(verdict.check()).isIn(Level.UNKNOWN, Level.NOT_APPLICABLE));
        assertThat(verdicts.get("xid-age").level()).isEqualTo(Level.UNKNOWN);
    }

    @Test
    void a_role_without_grants_is_told_which_one_it_lacks() {
        MonitoredServer server = SERVERS.computeIfAbsent(15, MonitoredServer::new);
        PostgresUrl url = server.fresh();
        server.execute(url, "CREATE ROLE \"poor \"\"one\" LOGIN; CREATE SEQUENCE hidden");

        Map<String, Verdict> verdicts =
                MonitoredServer.sayAll(MonitoredServer.as("poor \"one", url), Standards.DEFAULT, Probe.Limits.ONCE);

        for (String check :
                List.of("connections", "long-transactions", "wal-size", "pending-restart", "archive-backlog")) {
            assertThat(verdicts.get(check).level()).as(check).isEqualTo(Level.UNKNOWN);
            assertThat(verdicts.get(check).message()).as(check).contains("GRANT pg_monitor TO \"poor \"\"one\"");
        }
        assertThat(verdicts.get("sequence-exhaustion").level()).isEqualTo(Level.UNKNOWN);
        assertThat(verdicts.get("sequence-exhaustion").message()).contains("GRANT SELECT ON ALL SEQUENCES");
        assertThat(verdicts.get("xid-age").level()).isEqualTo(Level.OK);
        assertThat(verdicts.get("availability").level()).isEqualTo(Level.OK);
    }

    @Test
    void a_locked_catalog_makes_one_check_unknown_and_no_other() {
        MonitoredServer server = SERVERS.computeIfAbsent(15, MonitoredServer::new);
        PostgresUrl url = server.fresh();
        try (Session locker = Session.open(url, "test")) {
            locker.execute("BEGIN; LOCK TABLE pg_catalog.pg_sequence IN ACCESS EXCLUSIVE MODE");

            Map<String, Verdict> verdicts = MonitoredServer.sayAll(
                    MonitoredServer.as(MonitoredServer.ROLE, url), Standards.DEFAULT, Probe.Limits.ONCE);

            assertThat(verdicts.get("sequence-exhaustion").level()).isEqualTo(Level.UNKNOWN);
            assertThat(verdicts.get("sequence-exhaustion").message()).contains("a lock was not free");
            assertThat(verdicts.get("primary-keys").level()).isEqualTo(Level.OK);
        }
    }

    @Test
    void the_documented_role_sees_what_every_check_must_see() {
        MonitoredServer server = SERVERS.computeIfAbsent(15, MonitoredServer::new);

        Map<String, Verdict> verdicts = MonitoredServer.sayAll(
                MonitoredServer.as(MonitoredServer.ROLE, server.fresh()), Standards.DEFAULT, Probe.Limits.ONCE);

        assertThat(verdicts.values())
                .filteredOn(verdict -> verdict.level() == Level.UNKNOWN)
                .filteredOn(verdict -> !verdict.message().startsWith("first reading"))
                .extracting(Verdict::check)
                .containsExactlyInAnyOrder("table-bloat", "md5-passwords", "access-rules");
        assertThat(verdicts.get("table-bloat").message()).contains("CREATE EXTENSION pgstattuple");
    }

    @Test
    void a_reading_leaves_no_line_in_the_servers_log() throws IOException {
        MonitoredServer server = SERVERS.computeIfAbsent(15, MonitoredServer::new);
        PostgresUrl url = server.fresh();
        Path log = server.server().data().resolve("server.log");
        long before = Files.size(log);

        Map<String, Verdict> verdicts = MonitoredServer.sayAll(
                MonitoredServer.as(MonitoredServer.ROLE, url), Standards.DEFAULT, Probe.Limits.STANDING);

        assertThat(verdicts.get("availability").level()).isEqualTo(Level.OK);
        byte[] after = Files.readAllBytes(log);
        assertThat(new String(after, (int) before, after.length - (int) before, StandardCharsets.UTF_8))
                .doesNotContain("WARNING", "ERROR", "FATAL");
    }

    @Test
    void the_checks_do_not_find_themselves() {
        PostgresUrl url = SERVERS.computeIfAbsent(15, MonitoredServer::new).fresh();
        PostgresUrl monitor = MonitoredServer.as(MonitoredServer.ROLE, url);
        Map<String, Sample> first = MonitoredServer.say("rollbacks", url, Standards.DEFAULT, Declared.NOTHING, Map.of())
                .samples();

        for (int reading = 0; reading < 4; reading++) {
            Map<String, Verdict> verdicts = MonitoredServer.sayAll(monitor, Standards.DEFAULT, Probe.Limits.STANDING);
            assertThat(verdicts.get("long-transactions").level()).isEqualTo(Level.OK);
            assertThat(verdicts.get("idle-in-transaction").level()).isEqualTo(Level.OK);
        }
        Said[] last = new Said[1];
        // The transactions of the readings are counted a moment after their sessions end.
        Wait.until("enough transactions are counted", () -> {
            last[0] = MonitoredServer.say("rollbacks", url, Standards.DEFAULT, Declared.NOTHING, first);
            return last[0].verdict().message().contains("rolled back");
        });

        assertThat(last[0].verdict().level()).as(last[0].verdict().message()).isEqualTo(Level.OK);
    }

    @Test
    void hostile_names_are_found_as_they_are_and_break_nothing() {
        MonitoredServer server = SERVERS.computeIfAbsent(15, MonitoredServer::new);
        PostgresUrl url = server.fresh();
        List<String> names = List.of(
                "<script>alert('x')</script>", "a\"; DROP TABLE b; --", "%s %I $1 \\ '", "x".repeat(63), "Ünïcödé 表");
        names.forEach(name -> server.execute(
                url,
                "CREATE TABLE " + Quoting.identifier(name) + " (id int) WITH (autovacuum_enabled = false);"
                        + "CREATE SEQUENCE " + Quoting.identifier(name.substring(0, name.length() - 1) + "§")));
        server.execute(url, "CREATE TABLE \"two\nlines\u001b[2J\" (id int)");

        Map<String, Verdict> verdicts = MonitoredServer.sayAll(
                MonitoredServer.as(MonitoredServer.ROLE, url), Standards.DEFAULT, Probe.Limits.ONCE);

        assertThat(verdicts.get("primary-keys").findings())
                .extracting(Finding::key)
                .contains(
                        "public.\"<script>alert('x')</script>\"",
                        "public.\"a\"\"; DROP TABLE b; --\"",
                        "public.\"%s %I $1 \\ '\"",
                        "public." + "x".repeat(63),
                        "public.\"two\\u000alines\\u001b[2J\"");
        assertThat(verdicts.get("autovacuum-disabled").findings()).hasSize(names.size());
        assertThat(verdicts.get("sequence-exhaustion").message()).contains("5 sequences cannot be read");
        assertThat(verdicts.get("table-freeze-age").level()).isEqualTo(Level.OK);
    }

    @Test
    void an_ended_major_version_is_critical_and_the_newest_minor_version_is_ok() {
        Map<Integer, Level> levels = new HashMap<>();
        for (int major : List.of(14, 15, 18)) {
            PostgresUrl url =
                    SERVERS.computeIfAbsent(major, MonitoredServer::new).fresh();
            levels.put(
                    major,
                    MonitoredServer.say("server-version", url, Standards.DEFAULT, Declared.NOTHING, Map.of())
                            .verdict()
                            .level());
        }

        // 14 ended on 2026-11-12. Debian's 15 is as old as Debian's last update of it.
        assertThat(levels.get(14)).isEqualTo(Level.CRIT);
        assertThat(levels.get(15)).isIn(Level.OK, Level.WARN, Level.CRIT);
        assertThat(levels.get(18)).isIn(Level.OK, Level.WARN);
    }

    @Test
    void a_server_without_checksums_is_warned_of() {
        assertThat(checksums(14).level()).isEqualTo(Level.WARN);
        // From 18 on initdb turns them on.
        assertThat(checksums(18).level()).isEqualTo(Level.OK);
    }

    @Test
    void a_session_from_afar_without_tls_is_found_until_it_ends() throws IOException {
        Optional<InetAddress> own = NetworkInterface.networkInterfaces()
                .flatMap(NetworkInterface::inetAddresses)
                .filter(address -> address instanceof Inet4Address && !address.isLoopbackAddress())
                .findFirst();
        assumeThat(own).as("a machine that is on a network").isPresent();
        int port = freePort();
        try (MonitoredServer monitored = new MonitoredServer(17)) {
            PostgresUrl before = monitored.fresh();
            monitored.execute(before, "ALTER SYSTEM SET listen_addresses = '*'");
            monitored.execute(before, "ALTER SYSTEM SET port = " + port);
            monitored.server().admit("host all all samenet trust\nhost all all 127.0.0.1/32 trust");
            monitored.server().stop("fast");
            monitored.server().ensureStarted();
            PostgresUrl socket = at(before, before.host(), port);
            assertThat(unencrypted(socket).level()).isEqualTo(Level.OK);
            try (Session _ = Session.open(at(before, "127.0.0.1", port), "near")) {
                assertThat(unencrypted(socket).level()).as("the machine itself").isEqualTo(Level.OK);
            }
            try (Session _ = Session.open(at(before, own.get().getHostAddress(), port), "afar")) {
                assertThat(unencrypted(socket))
                        .returns(Level.WARN, Verdict::level)
                        .extracting(Verdict::message)
                        .isEqualTo("postgres: 1 of its sessions come from "
                                + own.get().getHostAddress() + " without TLS");
            }
            Wait.until("its end is seen", () -> unencrypted(socket).level() == Level.OK);
        }
    }

    private static PostgresUrl at(PostgresUrl url, String host, int port) {
        return new PostgresUrl(host, port, url.database(), url.user(), Optional.empty(), Map.of("sslmode", "disable"));
    }

    private static Verdict unencrypted(PostgresUrl url) {
        return MonitoredServer.say("unencrypted-sessions", url, Standards.DEFAULT, Declared.NOTHING, Map.of())
                .verdict();
    }

    private static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0)) {
            return socket.getLocalPort();
        }
    }

    private static Verdict checksums(int major) {
        PostgresUrl url = SERVERS.computeIfAbsent(major, MonitoredServer::new).fresh();
        return MonitoredServer.say("data-checksums", url, Standards.DEFAULT, Declared.NOTHING, Map.of())
                .verdict();
    }

    @Test
    void a_page_that_the_disk_spoilt_is_critical_until_it_is_mended() throws IOException {
        MonitoredServer server = SERVERS.computeIfAbsent(18, MonitoredServer::new);
        PostgresUrl url = server.fresh();
        server.execute(url, "CREATE TABLE t (id int); INSERT INTO t SELECT generate_series(1, 1000)");
        Said before = MonitoredServer.say("checksum-failures", url, Standards.DEFAULT, Declared.NOTHING, Map.of());
        String file = server.server().ask(url.database(), "SELECT pg_relation_filepath('t')");
        server.server().stop("fast");
        spoil(server.server().data().resolve(file));
        server.server().ensureStarted();

        assertThatThrownBy(() -> server.execute(url, "SELECT count(*) FROM t")).isInstanceOf(ProblemException.class);
        Said[] spoilt = new Said[1];
        Wait.until("the damage is counted", () -> {
            spoilt[0] = MonitoredServer.say("checksum-failures", url, Standards.DEFAULT, Declared.NOTHING, Map.of());
            return spoilt[0].verdict().level() == Level.CRIT;
        });
        server.execute(url, "DROP TABLE t; SELECT pg_stat_reset()");
        Said mended = MonitoredServer.say("checksum-failures", url, Standards.DEFAULT, Declared.NOTHING, Map.of());

        assertThat(before.verdict().level()).isEqualTo(Level.OK);
        assertThat(spoilt[0].of(url.database())).contains(Level.CRIT);
        assertThat(mended.verdict().level()).isEqualTo(Level.OK);
    }

    private static void spoil(Path file) throws IOException {
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
            int unused = channel.write(ByteBuffer.wrap(new byte[] {1, 2, 3, 4, 5, 6, 7, 8}), 4096);
        }
    }

    @Test
    void every_check_has_a_fixture_or_a_test_of_its_own() {
        for (Check check : Checkbook.published().all()) {
            CheckFixture fixture = CheckFixture.of(check.id());
            fixture.elsewhere()
                    .ifPresentOrElse(
                            test -> assertThat(isTest(test)).as(test).isTrue(),
                            () -> assertThat(fixture.key()).as(check.id()).isNotBlank());
        }
    }

    private static boolean isTest(String reference) {
        String[] parts = reference.split("\\.", -1);
        return Stream.of("io.pgcharter.", "io.pgcharter.policy.check.", "io.pgcharter.platform.postgres.")
                .flatMap(home -> methods(home + parts[0]))
                .anyMatch(parts[1]::equals);
    }

    private static Stream<String> methods(String name) {
        try {
            return Arrays.stream(Class.forName(name).getDeclaredMethods())
                    .filter(method -> method.isAnnotationPresent(Test.class)
                            || method.isAnnotationPresent(ParameterizedTest.class))
                    .map(method -> method.getName());
        } catch (ClassNotFoundException elsewhere) {
            return Stream.of();
        }
    }

    /// One fault, planted and cured.
    private static final class Case {
        private final CheckFixture fixture;
        private final PostgresUrl url;
        private Map<String, Sample> samples = Map.of();

        Case(CheckFixture fixture, PostgresUrl url) {
            this.fixture = fixture;
            this.url = url;
        }

        void run() {
            boolean isCounter = Checkbook.published().check(fixture.check()).judging() instanceof Judging.ByCounter;
            PlantedFault fault = new PlantedFault(url, MonitoredServer.ROLE);
            try (fault) {
                fault.carryOut(fixture.steps("before"));
                if (!isCounter) {
                    untilSilent(fault);
                }
                Said before = say(fixture.adjustmentsAfter());
                if (isCounter) {
                    assertThat(before.verdict().level()).isEqualTo(Level.UNKNOWN);
                    assertThat(before.verdict().message()).startsWith("first reading");
                } else {
                    assertSilent(before, fault);
                }
                samples = before.samples();
                fault.carryOut(fixture.steps("plant"));
                Said found = until(said -> said.of(fault.filled(fixture.key())).equals(Optional.of(fixture.level())));
                if (fixture.isOnly()) {
                    assertThat(found.verdict().findings()).hasSize(1);
                }
                assertThat(found.verdict().level()).isGreaterThanOrEqualTo(fixture.level());
                samples = found.samples();
            }
            fault.carryOut(fixture.steps("fix"));
            untilSilent(fault);
            fault.carryOut(fixture.steps("undo"));
        }

        private Said say(Map<String, Standards.Adjustment> adjustments) {
            return MonitoredServer.say(
                    fixture.check(),
                    url,
                    new Standards(adjustments, List.of(), Duration.ZERO),
                    fixture.declared(),
                    samples);
        }

        private void assertSilent(Said said, PlantedFault fault) {
            assertThat(said.of(fault.filled(fixture.key())))
                    .as(() -> String.valueOf(said.verdict()))
                    .isEmpty();
            assertThat(said.verdict().message()).isNotBlank();
        }

        /// The statistics of other sessions arrive a moment later.
        private Said until(Predicate<Said> condition) {
            Said[] last = new Said[1];
            try {
                Wait.until("finding", Duration.ofSeconds(15), () -> {
                    last[0] = say(fixture.adjustments());
                    return condition.test(last[0]);
                });
            } catch (AssertionError late) {
                throw new AssertionError("the last verdict was " + last[0].verdict(), late);
            }
            return last[0];
        }

        private void untilSilent(PlantedFault fault) {
            String key = fault.filled(fixture.key());
            Said[] last = new Said[1];
            try {
                Wait.until("cure", Duration.ofSeconds(15), () -> {
                    last[0] = say(fixture.adjustmentsAfter());
                    samples = last[0].samples();
                    return last[0].of(key).isEmpty() && last[0].verdict().level() != Level.UNKNOWN;
                });
            } catch (AssertionError late) {
                throw new AssertionError("the last verdict was " + last[0].verdict(), late);
            }
        }
    }
}
