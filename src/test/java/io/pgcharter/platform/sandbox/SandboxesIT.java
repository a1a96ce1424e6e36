package io.pgcharter.platform.sandbox;

import static org.assertj.core.api.Assertions.assertThat;

import io.pgcharter.platform.postgres.Session;
import io.pgcharter.platform.process.Program;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/// Sandboxes of several processes below one directory.
class SandboxesIT {
    private final Path directory = TestServers.directory().resolve("s");
    private final Sandboxes sandboxes = new Sandboxes(TestServers.binaries(), directory);

    /// Another process that uses the same directory.
    static final class Other {
        private Other() {}

        public static void main(String[] arguments) {
            Sandboxes others = new Sandboxes(TestServers.binaries(), Path.of(arguments[0]));
            others.cleanUp();
            if (arguments[1].equals("crash")) {
                others.start(15);
                Runtime.getRuntime().halt(7);
            }
        }
    }

    private int otherProcess(String what) {
        return new Program(
                        List.of(
                                System.getProperty("java.home") + "/bin/java",
                                "-Dpgcharter.home=" + System.getProperty("pgcharter.home", "."),
                                "-cp",
                                System.getProperty("java.class.path"),
                                Other.class.getName(),
                                directory.toString(),
                                what),
                        Map.of(),
                        Optional.empty(),
                        Duration.ofMinutes(1))
                .run()
                .exitCode();
    }

    @Test
    void a_sandbox_in_use_survives_the_cleaning_of_its_own_and_of_other_processes() {
        try (Sandboxes.Sandbox first = sandboxes.start(15);
                Sandboxes.Sandbox second = sandboxes.start(15)) {
            sandboxes.cleanUp();
            assertThat(otherProcess("clean")).isZero();
            for (Sandboxes.Sandbox sandbox : List.of(first, second)) {
                try (Session session = Session.open(sandbox.url(), "test")) {
                    assertThat(session.query("select 1")).hasSize(1);
                }
            }
        }
    }

    @Test
    void what_a_process_that_died_left_behind_is_stopped_and_deleted() throws IOException {
        assertThat(otherProcess("crash")).isEqualTo(7);
        Cluster left;
        try (Stream<Path> places = Files.list(directory)) {
            Path place = places.filter(Files::isDirectory).findFirst().orElseThrow();
            left = new Cluster(TestServers.binaries().bin(15), place);
        }
        ProcessHandle server = ProcessHandle.of(left.pid().orElseThrow()).orElseThrow();
        assertThat(left.isRunning()).isTrue();

        sandboxes.cleanUp();

        // Not isAlive(): nobody may have asked yet how the process ended.
        assertThat(server.info().command()).isEmpty();
        assertThat(left.directory()).doesNotExist();
        assertThat(directory).isEmptyDirectory();
    }
}
