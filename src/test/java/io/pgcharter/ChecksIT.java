package io.pgcharter;

import static org.assertj.core.api.Assertions.assertThat;

import io.pgcharter.MonitoredServer.Said;
import io.pgcharter.model.health.Level;
import io.pgcharter.model.health.Sample;
import io.pgcharter.platform.postgres.PostgresUrl;
import io.pgcharter.policy.check.Check;
import io.pgcharter.policy.check.Checkbook;
import io.pgcharter.policy.check.Judging;
import io.pgcharter.policy.check.Standards;
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
        return Arrays.stream(majors).flatMap(major -> planted().map(check -> Arguments.of(major, check)));
    }

    private static Stream<String> planted() {
        return Checkbook.published().all().stream()
                .filter(check -> check.question().isPresent())
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
        return Stream.of("io.pgcharter.", "io.pgcharter.policy.check.")
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
                    fixture.check(), url, new Standards(adjustments, List.of()), fixture.declared(), samples);
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
