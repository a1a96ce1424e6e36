package io.pgcharter.platform.sandbox;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/// Scratch servers of one process, as another process sees them.
class SandboxesIT {
    @Test
    void starting_a_second_one_does_not_give_the_first_to_the_next_cleaner() throws IOException {
        Path directory = TestServers.directory().resolve("s");
        Sandboxes sandboxes = new Sandboxes(TestServers.binaries(), directory);
        try (Sandboxes.Sandbox first = sandboxes.start(15)) {
            assertThat(locked(directory)).hasSize(1);

            // Other objects, same process: what verify does while a test or the demo has servers of its own.
            try (Sandboxes.Sandbox second = new Sandboxes(TestServers.binaries(), directory).start(15)) {
                assertThat(second.url()).isNotEqualTo(first.url());
                assertThat(locked(directory)).hasSize(2);
            }
            assertThat(locked(directory)).hasSize(1);
        }
        assertThat(lockFiles(directory)).isEmpty();
    }

    /// The lock files that the kernel says are locked; another process takes the others for leftovers.
    private static List<Path> locked(Path directory) throws IOException {
        List<String> locks = Files.readAllLines(Path.of("/proc/locks"));
        return lockFiles(directory).stream()
                .filter(file -> locks.stream().anyMatch(line -> line.contains(":" + inode(file) + " ")))
                .toList();
    }

    private static List<Path> lockFiles(Path directory) throws IOException {
        try (Stream<Path> files = Files.list(directory)) {
            return files.filter(file -> file.toString().endsWith(".lock")).toList();
        }
    }

    private static Object inode(Path file) {
        try {
            return Files.getAttribute(file, "unix:ino");
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }
}
