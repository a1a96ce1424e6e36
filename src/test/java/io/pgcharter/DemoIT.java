package io.pgcharter;

import static org.assertj.core.api.Assertions.assertThat;

import io.pgcharter.platform.process.Program;
import io.pgcharter.platform.sandbox.TestServers;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/// `./pgcharter demo`, as a newcomer types it.
class DemoIT {
    private static final Pattern PLACE = Pattern.compile("Three private PostgreSQL servers in (\\S+)");

    private final Installation installation = Installation.shared();

    private static Path place(String out) {
        Matcher matcher = PLACE.matcher(out);
        assertThat(matcher.find()).as(out).isTrue();
        return Path.of(matcher.group(1));
    }

    private static void assertEveryClaimHolds(Installation.Ran demo) {
        assertThat(demo.code()).as(demo.out() + demo.err()).isZero();
        assertThat(demo.out()).contains("all 15 claims hold").doesNotContain("✗", "Exception");
        assertThat(demo.out().lines().filter(line -> line.startsWith("✓  "))).hasSize(15);
        assertThat(demo.out())
                .containsPattern("✓  production is backed up into onsite +2[0-9]{2},[0-9]{3} rows")
                .containsPattern("✓  the backup in offsite restores; all rows of all tables agree ")
                .containsPattern("✓  development data cannot get into production +rule flow, charter\\.yaml:\\d+")
                .containsPattern("✓  nor the cold copy +rule flow, charter\\.yaml:\\d+")
                .containsPattern("✓  from development, production is out of reach +rule reach, charter\\.yaml:\\d+")
                .containsPattern("✓  for backups too +rule reach, charter\\.yaml:\\d+")
                .containsPattern("✓  every wish is in the journal, and the journal holds ");
        assertThat(demo.err()).contains("refused: copy of development into production");
    }

    private static void assertNothingIsLeft(Path place) {
        assertThat(place).doesNotExist();
        assertThat(servers(place)).isZero();
    }

    /// How many processes have the directory in their command line.
    private static long servers(Path place) {
        return ProcessHandle.allProcesses()
                .filter(process -> process.info().commandLine().orElse("").contains(place.toString()))
                .count();
    }

    @Test
    @Tag("soak")
    void it_proves_every_claim_in_two_minutes_and_leaves_nothing() {
        Instant begun = Instant.now();
        Installation.Ran demo = installation.run("demo");
        assertThat(Duration.between(begun, Instant.now())).isLessThan(Duration.ofMinutes(2));
        assertEveryClaimHolds(demo);
        assertThat(demo.out()).doesNotContain("To go on:");
        assertNothingIsLeft(place(demo.out()));
    }

    @Test
    void kept_its_servers_can_be_worked_with_and_ended_as_it_says() {
        Installation.Ran demo = installation.run("demo", "--keep");
        assertEveryClaimHolds(demo);
        Path place = place(demo.out());
        List<String> advice = demo.out()
                .substring(demo.out().indexOf("To go on:"))
                .lines()
                .filter(line -> line.startsWith("  "))
                .map(String::strip)
                .toList();
        assertThat(advice).hasSize(4);
        assertThat(servers(place)).isPositive();

        Program.Ended status = shell(advice.get(0) + " && " + advice.get(1));
        assertThat(status.exitCode()).as(status.errors()).isZero();
        assertThat(status.output()).containsPattern("production +production +ok, protected");
        Program.Ended backups = shell(advice.get(0) + " && " + advice.get(2));
        assertThat(backups.output()).contains("1 backup in onsite", "1 backup in offsite");

        Program.Ended ended = shell(advice.get(3));
        assertThat(ended.exitCode()).as(ended.errors()).isZero();
        await(() -> servers(place) == 0);
        assertNothingIsLeft(place);
    }

    @Test
    void interrupted_it_leaves_nothing() throws IOException, InterruptedException {
        Path log = TestServers.directory().resolve("log");
        Process demo = installation.start(log, "demo");
        await(() -> !demo.isAlive() || read(log).contains("$ pgcharter backup production"));
        Path place = place(read(log));
        assertThat(servers(place)).isPositive();

        Installation.interrupt(demo);

        assertThat(demo.waitFor(60, TimeUnit.SECONDS)).isTrue();
        assertThat(demo.exitValue()).isEqualTo(1);
        assertThat(read(log)).contains("CANCELLED").doesNotContain("claims hold", "Exception", "\tat ");
        assertNothingIsLeft(place);
    }

    private static String read(Path log) {
        try {
            return Files.exists(log) ? Files.readString(log) : "";
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }

    private static void await(BooleanSupplier condition) {
        Instant deadline = Instant.now().plus(Duration.ofMinutes(2));
        while (!condition.getAsBoolean()) {
            assertThat(Instant.now()).as("waited for two minutes").isBefore(deadline);
            Thread.onSpinWait();
        }
    }

    private Program.Ended shell(String command) {
        return new Program(
                        List.of("bash", "-c", "cd '" + installation.home() + "'; " + command),
                        Map.of("JAVA_HOME", System.getProperty("java.home")),
                        Optional.empty(),
                        Duration.ofMinutes(1))
                .run();
    }
}
