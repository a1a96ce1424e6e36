package io.pgcharter;

import java.io.BufferedReader;
import java.io.File;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;

/// A process of its own that runs a main class of ours, so that a test can kill it. Closing it kills it.
public final class ChildJvm implements AutoCloseable {
    private final Process process;
    private final List<String> lines = new CopyOnWriteArrayList<>();
    private final Thread reader;

    private ChildJvm(Process process) {
        this.process = process;
        this.reader = Thread.ofVirtual().start(this::read);
    }

    /// @param variables added to our environment variables
    public static ChildJvm start(Class<?> main, Map<String, String> variables, String... arguments) {
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:TieredStopAtLevel=1",
                "-XX:+UseSerialGC",
                "-Xmx256m",
                "--enable-native-access=ALL-UNNAMED",
                "--sun-misc-unsafe-memory-access=allow",
                "-Dpgcharter.home=" + System.getProperty("pgcharter.home", "."),
                "-cp",
                System.getProperty("java.class.path"),
                main.getName()));
        command.addAll(List.of(arguments));
        ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
        builder.directory(new File("/"));
        builder.environment().putAll(variables);
        try {
            return new ChildJvm(builder.start());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void read() {
        try (BufferedReader in = process.inputReader(StandardCharsets.UTF_8)) {
            in.lines().forEach(lines::add);
        } catch (IOException | UncheckedIOException _) {
            // The pipe of a killed process breaks.
        }
    }

    /// All it has printed so far, on both streams.
    public List<String> lines() {
        return lines;
    }

    /// What follows `word` and a space on the first line that begins so; waits for that line.
    public String says(String word) {
        Wait.until(
                "a child process says '" + word + "', not only " + lines,
                () -> said(word).isPresent() || !reader.isAlive());
        return said(word).orElseThrow(() -> new AssertionError("a child ended without '" + word + "': " + lines));
    }

    private Optional<String> said(String word) {
        return lines.stream()
                .filter(line -> line.startsWith(word))
                .findFirst()
                .map(line -> line.substring(word.length()).strip());
    }

    /// Lets a child that waits for its input go on.
    public void goOn() {
        try {
            OutputStream in = process.getOutputStream();
            in.write('\n');
            in.flush();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    public long pid() {
        return process.pid();
    }

    /// Ends it as Ctrl-C's kinder brother does: SIGTERM.
    public void interrupt() {
        // By its handle: Process.destroy would also close the pipe we read.
        process.toHandle().destroy();
    }

    /// Sends it a signal: `STOP`, `CONT`.
    public void signal(String name) {
        try {
            int code = new ProcessBuilder("kill", "-" + name, Long.toString(process.pid()))
                    .start()
                    .waitFor();
            if (code != 0) {
                throw new IllegalStateException("kill -" + name + " ended with " + code);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted", e);
        }
    }

    /// kill -9, and waits until it is gone.
    public void kill() {
        process.destroyForcibly();
        exitCode();
    }

    /// Waits until it has ended and all it printed is read.
    public int exitCode() {
        try {
            int code = process.waitFor();
            reader.join();
            return code;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted", e);
        }
    }

    @Override
    public void close() {
        kill();
    }
}
