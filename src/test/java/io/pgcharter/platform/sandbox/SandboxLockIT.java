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

/// Scratch servers of several processes below one directory.
class SandboxLockIT {
    /// Another process that starts a scratch server begins like this.
    static final class Other {
        private Other() {}

        public static void main(String[] words) {
            new Sandboxes(TestServers.binaries(), Path.of(words[0])).cleanUp();
        }
    }

    @Test
    void no_other_process_takes_the_first_of_two_servers_for_a_leftover() throws IOException {
        Path directory = TestServers.directory().resolve("sandboxes");
        Sandboxes sandboxes = new Sandboxes(TestServers.binaries(), directory);
        try (Sandboxes.Sandbox first = sandboxes.start(15)) {
            try (Sandboxes.Sandbox second = sandboxes.start(15)) {
                assertThat(second.url()).isNotEqualTo(first.url());

                new Program(
                                List.of(
                                        Path.of(System.getProperty("java.home"), "bin/java")
                                                .toString(),
                                        "-cp",
                                        System.getProperty("java.class.path"),
                                        Other.class.getName(),
                                        directory.toString()),
                                Map.of(),
                                Optional.empty(),
                                Duration.ofMinutes(1))
                        .runOrThrow("see its errors");

                try (Session session = Session.open(first.url(), "test")) {
                    assertThat(session.query("select 1")).hasSize(1);
                }
            }
        }
        assertThat(lockFiles(directory)).isEmpty();
    }

    private static List<Path> lockFiles(Path directory) throws IOException {
        try (Stream<Path> files = Files.list(directory)) {
            return files.filter(file -> file.toString().endsWith(".lock")).toList();
        }
    }
}
